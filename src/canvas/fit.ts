/** How the canvas shows everything: with air around it, and never larger than life. */
export const FIT = { padding: '32px', maxZoom: 1, minZoom: 0.05 } as const;
