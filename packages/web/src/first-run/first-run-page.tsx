export function FirstRunPage() { return <h1>FirstRunPage</h1>; }
