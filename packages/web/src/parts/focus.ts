/** As a `ref`: a field that comes after the dialog around it has settled where the focus is takes it all the same. */
export const focusOnShow = (field: HTMLElement | null): void => field?.focus();
