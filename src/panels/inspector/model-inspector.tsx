import { CopyPlus, FileText, Layers, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { endActivation } from '../../compiler/1-resolve';
import type { SourceModel } from '../../formats/protocol';
import type { Freeze, ModelNode } from '../../graph/document';
import { updateModel } from '../../graph/edits';
import { countParameters, type Network } from '../../network/network';
import { count, formatCount, layerOfCall, usedLayers, writtenBy } from '../../store/node-words';
import { selectCompiled, selectNodeProblems } from '../../store/selectors';
import { useGraft, useGraftStore } from '../../store/store';
import { Button } from '../../ui-kit/button';
import { Chip } from '../../ui-kit/chip';
import { SelectField, SwitchField } from '../../ui-kit/fields';
import { MODEL_ICON } from '../../ui-kit/kind-icons';
import { Section } from '../../ui-kit/section';
import { ReportDialog } from '../import-reports/report-dialog';
import { Fact, Facts } from './facts';
import styles from './inspector.module.css';
import { NodeHead } from './node-head';
import { ProblemList } from './problem-list';

export function ModelInspector({ node }: { readonly node: ModelNode }) {
  const store = useGraftStore();
  const model = useGraft(state => state.models[node.model]);
  const problems = useGraft(state => selectNodeProblems(state, node.id));
  const { openLayers, addSharing } = store.getState();
  return (
    <>
      <NodeHead
        node={node}
        icon={MODEL_ICON}
        subtitle={model === undefined ? 'Model' : `Model · ${writtenBy(model)}`}
        help={null}
      />
      <ProblemList problems={problems} />
      {model !== undefined && (
        <>
          <div className={styles.actions}>
            <Button size="small" onClick={() => openLayers(node.id)}>
              <Layers size={14} strokeWidth={1.75} aria-hidden="true" />
              Open layers
            </Button>
            <Button size="small" title="One set of weights in two places" onClick={() => addSharing(node.id)}>
              <CopyPlus size={14} strokeWidth={1.75} aria-hidden="true" />
              Use again, shared
            </Button>
          </div>
          <Freezing node={node} network={model.network} />
          <Part node={node} network={model.network} />
          <About node={node} model={model} />
        </>
      )}
    </>
  );
}

const FREEZE_OPTIONS: readonly { readonly value: Freeze['kind']; readonly label: string }[] = [
  { value: 'all', label: 'All layers' },
  { value: 'upTo', label: 'Up to a layer' },
  { value: 'none', label: 'None' },
  { value: 'asSaved', label: 'As in the file' },
];

interface PartProps {
  readonly node: ModelNode;
  readonly network: Network;
}

function Freezing({ node, network }: PartProps) {
  const store = useGraftStore();
  const owner = useGraft(state =>
    node.sharesWith === null ? undefined : state.document.nodes[node.sharesWith],
  );
  const { applyEdit, show } = store.getState();
  const facts = useGraft(state => selectCompiled(state).nodes.get(node.id));
  const set = (freeze: Freeze) => applyEdit(`Freeze ${node.name}`, updateModel(node.id, { freeze }));
  if (owner !== undefined) {
    return (
      <Section title="Weights">
        <p className={styles.help}>These are the weights of {owner.name}, frozen and trained with it.</p>
        <div className={styles.actions}>
          <Button size="small" onClick={() => show({ kind: 'node', node: owner.id })}>
            Show {owner.name}
          </Button>
          <Button
            size="small"
            onClick={() =>
              applyEdit(`Give ${node.name} its own weights`, updateModel(node.id, { sharesWith: null }))
            }
          >
            Give it its own
          </Button>
        </div>
      </Section>
    );
  }
  const { freeze } = node;
  return (
    <Section title="Weights">
      <div className={styles.fields}>
        <SelectField
          label="Frozen"
          help="Frozen layers keep their weights to the last bit."
          value={freeze.kind}
          options={FREEZE_OPTIONS}
          onChange={kind => set(kind === 'upTo' ? { kind, call: middleCall(network) } : { kind })}
        />
        {freeze.kind === 'upTo' && (
          <SelectField
            label="Up to and with"
            value={freeze.call}
            options={network.calls.map(call => ({ value: call.id, label: call.layer }))}
            onChange={call => set({ kind: 'upTo', call })}
          />
        )}
        {facts !== undefined && (
          <Facts>
            <Fact label="Trains" mono>
              {formatCount(facts.trainableParameters)} of {formatCount(facts.parameters)}
            </Fact>
          </Facts>
        )}
      </div>
    </Section>
  );
}

function middleCall(network: Network): string {
  return network.calls[Math.floor((network.calls.length - 1) / 2)]?.id ?? '';
}

function Part({ node, network }: PartProps) {
  const store = useGraftStore();
  const { applyEdit } = store.getState();
  const activation = endActivation(node, network);
  const start = layerOfCall(network, node.start);
  const end = layerOfCall(network, node.end);
  const whole = node.start === null && node.end === null && node.taps.length === 0;
  const ends = activation !== null && activation !== 'linear';
  return (
    <Section title="What is used of it">
      <Facts>
        <Fact label="Starts">{start === null ? 'at its inputs' : `after ${start}`}</Fact>
        <Fact label="Ends">{end === null ? 'at its outputs' : `after ${end}`}</Fact>
        {node.taps.length > 0 && (
          <Fact label="Tapped">{node.taps.map(tap => layerOfCall(network, tap) ?? tap).join(', ')}</Fact>
        )}
        <Fact label="Layers" mono>
          {usedLayers(node, network).size} of {network.layers.length}
        </Fact>
      </Facts>
      {(ends || node.linearEnd) && (
        <SwitchField
          label={`Drop the last ${activation ?? 'activation'}`}
          help="What the last layer computes comes out as it is; after a softmax, that carries more for layers that follow."
          value={node.linearEnd}
          onChange={linearEnd =>
            applyEdit(
              linearEnd ? `Drop the last ${activation}` : 'Keep the last activation',
              updateModel(node.id, { linearEnd }),
            )
          }
        />
      )}
      {!whole && (
        <div>
          <Button
            size="small"
            onClick={() =>
              applyEdit(`Use all of ${node.name}`, updateModel(node.id, { start: null, end: null, taps: [] }))
            }
          >
            Use the whole model
          </Button>
        </div>
      )}
    </Section>
  );
}

function About({ node, model }: { readonly node: ModelNode; readonly model: SourceModel }) {
  const [open, setOpen] = useState(false);
  return (
    <Section title="The file">
      <Facts>
        {model.name !== node.name && <Fact label="Model">{model.name}</Fact>}
        <Fact label="File">{model.report.file}</Fact>
        <Fact label="Format">{model.report.format}</Fact>
        <Fact label="Written by">{model.report.writtenBy ?? 'not said'}</Fact>
        <Fact label="Parameters" mono>
          {formatCount(countParameters(model.network))}
        </Fact>
        {model.report.repairs.length > 0 && (
          <Fact label="Repaired">{count(model.report.repairs.length, 'thing')}</Fact>
        )}
      </Facts>
      {model.report.warnings.map(warning => (
        <p key={warning} className={styles.warning}>
          <TriangleAlert size={14} strokeWidth={1.75} aria-hidden="true" />
          {warning}
        </p>
      ))}
      <div className={styles.report}>
        <Button size="small" onClick={() => setOpen(true)}>
          <FileText size={14} strokeWidth={1.75} aria-hidden="true" />
          Import report
        </Button>
      </div>
      {open && <ReportDialog name={model.name} report={model.report} onClose={() => setOpen(false)} />}
      {model.labels !== null && (
        <div className={styles.labels}>
          {model.labels.map(label => (
            <Chip key={label}>{label}</Chip>
          ))}
        </div>
      )}
    </Section>
  );
}
