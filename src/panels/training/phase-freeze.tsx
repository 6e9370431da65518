/** What trains in a phase, where that differs from what the canvas says. */
import type { Freeze, LayerNode, ModelNode } from '../../graph/document';
import { updatePhase } from '../../graph/edits';
import type { Phase } from '../../graph/training-settings';
import type { Network } from '../../network/network';
import { freezeWords, usedLayers } from '../../store/node-words';
import { networksOf, selectCompiled } from '../../store/selectors';
import { useGraft } from '../../store/store';
import { type Option, SelectField } from '../../ui-kit/fields';

interface PhaseFreezeProps {
  readonly phase: Phase;
  readonly index: number;
}

export function PhaseFreeze({ phase, index }: PhaseFreezeProps) {
  const nodes = useGraft(state => state.document.nodes);
  const networks = useGraft(state => networksOf(state.models));
  const compiled = useGraft(selectCompiled);
  const applyEdit = useGraft(state => state.applyEdit);
  const change = (name: string, patch: Partial<Phase>) =>
    applyEdit(`Change what trains of ${name} in ${phase.name}`, updatePhase(index, patch));
  return Object.values(nodes).map(node => {
    if (node.kind === 'model' && node.sharesWith === null) {
      const network = networks.get(node.model);
      if (network === undefined) return null;
      return (
        <ModelFreeze
          key={node.id}
          node={node}
          network={network}
          value={phase.freeze[node.id]}
          onChange={freeze => change(node.name, { freeze: withOrWithout(phase.freeze, node.id, freeze) })}
        />
      );
    }
    if (node.kind !== 'layer' || (compiled.nodes.get(node.id)?.parameters ?? 0) === 0) return null;
    return (
      <LayerFreeze
        key={node.id}
        node={node}
        value={phase.trainable[node.id]}
        onChange={trains => change(node.name, { trainable: withOrWithout(phase.trainable, node.id, trains) })}
      />
    );
  });
}

function withOrWithout<T>(
  record: Readonly<Record<string, T>>,
  key: string,
  value: T | undefined,
): Readonly<Record<string, T>> {
  const others = Object.entries(record).filter(([name]) => name !== key);
  return Object.fromEntries(value === undefined ? others : [...others, [key, value]]);
}

const AS_DRAWN = 'as drawn';
const UP_TO = 'up to ';

interface ModelFreezeProps {
  readonly node: ModelNode;
  readonly network: Network;
  /** undefined: as on the canvas. */
  readonly value: Freeze | undefined;
  readonly onChange: (freeze: Freeze | undefined) => void;
}

function ModelFreeze({ node, network, value, onChange }: ModelFreezeProps) {
  const used = usedLayers(node, network);
  const weighted = new Set(
    network.layers.filter(({ weights }) => Object.keys(weights).length > 0).map(({ name }) => name),
  );
  const calls = network.calls.filter(({ layer }) => used.has(layer) && weighted.has(layer));
  const chosen = value?.kind === 'upTo' ? value.call : null;
  const others = calls.slice(0, -1).map(({ id }) => id);
  const ends = chosen === null || others.includes(chosen) ? others : [...others, chosen];
  const word = (freeze: Freeze) => freezeWords(freeze, network);
  const options: readonly Option<string>[] = [
    { value: AS_DRAWN, label: `As on the canvas: ${lowerFirst(word(node.freeze))}` },
    { value: 'all', label: word({ kind: 'all' }) },
    { value: 'none', label: word({ kind: 'none' }) },
    ...(value?.kind === 'asSaved' ? [{ value: 'asSaved', label: word(value) }] : []),
    ...ends.map(call => ({ value: `${UP_TO}${call}`, label: word({ kind: 'upTo', call }) })),
  ];
  return (
    <SelectField
      label={node.name}
      wide
      help={`What of ${node.name} is frozen in this phase.`}
      value={value === undefined ? AS_DRAWN : value.kind === 'upTo' ? `${UP_TO}${value.call}` : value.kind}
      options={options}
      onChange={picked => onChange(readFreeze(picked))}
    />
  );
}

function readFreeze(picked: string): Freeze | undefined {
  if (picked.startsWith(UP_TO)) return { kind: 'upTo', call: picked.slice(UP_TO.length) };
  return picked === 'all' || picked === 'none' || picked === 'asSaved' ? { kind: picked } : undefined;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

interface LayerFreezeProps {
  readonly node: LayerNode;
  readonly value: boolean | undefined;
  readonly onChange: (trains: boolean | undefined) => void;
}

function LayerFreeze({ node, value, onChange }: LayerFreezeProps) {
  return (
    <SelectField
      label={node.name}
      wide
      help={`Whether ${node.name} trains in this phase.`}
      value={value === undefined ? AS_DRAWN : value ? 'trains' : 'frozen'}
      options={[
        { value: AS_DRAWN, label: `As on the canvas: ${node.trainable ? 'trains' : 'frozen'}` },
        { value: 'trains', label: 'Trains' },
        { value: 'frozen', label: 'Frozen' },
      ]}
      onChange={picked => onChange(picked === AS_DRAWN ? undefined : picked === 'trains')}
    />
  );
}
