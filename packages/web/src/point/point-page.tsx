export function PointPage() { return <h1>PointPage</h1>; }
