/** The one store. Its slices are beside it; what it can't do itself is passed in as services. */
import { createContext, useContext } from 'react';
import { createStore, type StoreApi, useStore } from 'zustand';
import { must } from '../base/assert';
import { createDocumentSlice, type DocumentSlice } from './document-slice';
import { createExportSlice, type ExportSlice } from './export-slice';
import { createImportSlice, type ImportSlice } from './import-slice';
import { createInsightSlice, type InsightSlice } from './insight-slice';
import type { Services } from './services';
import { createSessionSlice, type SessionSlice } from './session';
import { createTrainingSlice, type TrainingSlice } from './training-slice';

export interface GraftState
  extends DocumentSlice,
    ImportSlice,
    SessionSlice,
    TrainingSlice,
    ExportSlice,
    InsightSlice {}
export type GraftStore = StoreApi<GraftState>;

export function createGraftStore(services: Services): GraftStore {
  return createStore<GraftState>()((...a) => ({
    ...createDocumentSlice(services)(...a),
    ...createImportSlice(services)(...a),
    ...createSessionSlice(...a),
    ...createTrainingSlice(services)(...a),
    ...createExportSlice(services)(...a),
    ...createInsightSlice(services)(...a),
  }));
}

export const GraftContext = createContext<GraftStore | null>(null);

/** The store itself: for handlers, which read the state when something happens. */
export function useGraftStore(): GraftStore {
  return must(useContext(GraftContext), 'the store around the components');
}

/** A part of the state, or what a memoised selector makes of it; the component is drawn anew when it changes. */
export function useGraft<T>(selector: (state: GraftState) => T): T {
  return useStore(useGraftStore(), selector);
}
