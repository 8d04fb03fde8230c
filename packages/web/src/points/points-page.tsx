export function PointsPage() { return <h1>PointsPage</h1>; }
