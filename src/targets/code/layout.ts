/**
 * Lays out code: what fits on a line stays on it, what doesn't gets a line for each argument. It knows no language but what
 * Python and JavaScript have in common, and nothing of networks.
 */

/** A piece of code: finished text, or what may be broken after `open`, after each item and before `close`. */
export type Piece = string | Group;

export interface Group {
  readonly open: string;
  readonly items: readonly Piece[];
  readonly close: string;
}

/** In characters. */
const WIDTH = 110;

/** `indent`: how many characters one step is. `depth`: on how many steps the piece begins. */
export function layOut(piece: Piece, indent: number, depth = 0): string {
  const flat = flatten(piece);
  const margin = ' '.repeat(indent * depth);
  if (typeof piece === 'string' || piece.items.length === 0 || margin.length + flat.length <= WIDTH)
    return flat;
  const inner = ' '.repeat(indent * (depth + 1));
  const lines = piece.items.map(item => `${inner}${layOut(item, indent, depth + 1)},`);
  return [piece.open, ...lines, `${margin}${piece.close}`].join('\n');
}

function flatten(piece: Piece): string {
  return typeof piece === 'string'
    ? piece
    : `${piece.open}${piece.items.map(flatten).join(', ')}${piece.close}`;
}

/** The same piece with text before and after it. */
export function around(before: string, piece: Piece, after: string): Piece {
  return typeof piece === 'string'
    ? `${before}${piece}${after}`
    : { open: `${before}${piece.open}`, items: piece.items, close: `${piece.close}${after}` };
}
