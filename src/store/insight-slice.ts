/**
 * The comparison of branches before training, one at a time. What it says belongs to the network and the data that it looked
 * at: any change of these drops it, and ends one that is under way.
 */
import type { StateCreator } from 'zustand';
import { hashText } from '../base/hash';
import type { CompileResult } from '../compiler/result';
import type { WireId } from '../graph/document';
import { compareBranches, type InsightReport } from './insight-report';
import { networkKey } from './network-key';
import { memoize, networksOf, selectCompiled } from './selectors';
import type { Services } from './services';
import type { GraftState } from './store';
import { readiness } from './training-check';

export type Insight =
  | { readonly kind: 'none' }
  /** `doing`: as in `Asking shape_cnn alone`. */
  | { readonly kind: 'working'; readonly key: string; readonly doing: string }
  | { readonly kind: 'ready'; readonly key: string; readonly report: InsightReport }
  /** `reason`: one sentence. */
  | { readonly kind: 'failed'; readonly key: string; readonly reason: string };

export interface InsightSlice {
  readonly insight: Insight;
  /** `chosen`: two wires to compare besides the branches of each merge. */
  compareBranches(chosen?: readonly [WireId, WireId] | null): Promise<void>;
  cancelComparison(): void;
}

export const createInsightSlice =
  (services: Pick<Services, 'trainer'>): StateCreator<GraftState, [], [], InsightSlice> =>
  (set, get, store) => {
    let running: AbortController | null = null;
    const end = () => {
      running?.abort();
      running = null;
      set({ insight: { kind: 'none' } });
    };
    store.subscribe(state => {
      if (state.insight.kind !== 'none' && insightKey(state) !== state.insight.key) end();
    });
    return {
      insight: { kind: 'none' },

      async compareBranches(chosen = null) {
        const state = get();
        const key = insightKey(state);
        const { document, dataset, models } = state;
        const compiled = selectCompiled(state);
        if (key === null || dataset === null || compiled.network === null) return;
        running?.abort();
        const mine = new AbortController();
        running = mine;
        // Another comparison, or a change of the project, has taken over.
        const isMine = () => running === mine && !mine.signal.aborted;
        const tell = (doing: string) => {
          if (isMine()) set({ insight: { kind: 'working', key, doing } });
        };
        tell('Getting the data ready');
        try {
          await new Promise(resolve => setTimeout(resolve));
          const networks = networksOf(models);
          const job = { document, compiled, network: compiled.network, dataset, networks, chosen };
          const report = await compareBranches(job, services.trainer, mine.signal, tell);
          if (isMine()) set({ insight: { kind: 'ready', key, report } });
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          if (isMine()) set({ insight: { kind: 'failed', key, reason } });
        }
      },

      cancelComparison: end,
    };
  };

const keyOnce = memoize(({ network }: CompileResult) => (network === null ? null : networkKey(network)));

/** What a comparison is about; null: there is nothing to compare, as long as an error stands or there is no data. */
export function insightKey(state: GraftState): string | null {
  const compiled = selectCompiled(state);
  const network = keyOnce(compiled);
  if (network === null || state.dataset === null) return null;
  if (readiness(compiled, state.dataset).kind === 'blocked') return null;
  const { validationSplit, seed } = state.document.training;
  const columns = [...compiled.feeds, ...compiled.heads].map(({ column }) => column);
  const names = Object.values(state.document.nodes).map(({ id, name }) => [id, name]);
  return `${network} ${hashText(JSON.stringify([state.dataset.id, columns, names, validationSplit, seed]))}`;
}
