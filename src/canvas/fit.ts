/** How the canvas shows everything: with air around it, and never larger than life. */
export const FIT = { padding: 0.12, maxZoom: 1, minZoom: 0.05 } as const;
