/**
 * Everything that changes a document. Edits are pure: they return a new document, or the same one if nothing changes. They
 * never leave wires to ports of nodes that are gone.
 */
import type { ProjectDocument } from './document';

export type Edit = (document: ProjectDocument) => ProjectDocument;
