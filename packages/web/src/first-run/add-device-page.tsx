export function AddDevicePage() { return <h1>AddDevicePage</h1>; }
