/** What can be put on the canvas: by dragging it there, or by a click. */
import { FolderOpen, Plus, Upload } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { CATEGORIES, type LayerType } from '../../layers/layer-type';
import { LAYER_TYPES } from '../../layers/table';
import { countParameters } from '../../network/network';
import { formatCount, writtenBy } from '../../store/node-words';
import { useGraft } from '../../store/store';
import { IconButton } from '../../ui-kit/button';
import { SearchField } from '../../ui-kit/fields';
import { layerIcon, MODEL_ICON, OUTPUT_ICON, TABLE_ICON } from '../../ui-kit/kind-icons';
import { Fold, Section } from '../../ui-kit/section';
import { isWriting } from '../app-shell/use-shortcuts';
import { useFilePicker } from '../import-reports/file-picker';
import styles from './palette.module.css';
import { PaletteItem } from './palette-item';
import { findLayers, sortMerges } from './search';

export function Palette() {
  const [query, setQuery] = useState('');
  const found = findLayers(LAYER_TYPES, query);
  const searching = query.trim() !== '';
  const merges = sortMerges(found.filter(type => type.category === 'Merge'));
  return (
    <div className={styles.palette}>
      <FindField query={query} onQuery={setQuery} />
      {!searching && <Models />}
      {!searching && <Ends />}
      {merges.length > 0 && (
        <Section title="Merge">
          <div className={styles.grid}>
            {merges.map(type => (
              <LayerItem key={type.type} type={type} />
            ))}
          </div>
        </Section>
      )}
      <Layers types={found.filter(type => type.category !== 'Merge')} searching={searching} />
      {searching && found.length === 0 && (
        <p className={styles.nothing}>No layer is called ‘{query.trim()}’. Try a part of its Keras name.</p>
      )}
    </div>
  );
}

function FindField({ query, onQuery }: { readonly query: string; readonly onQuery: (text: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== '/' || isWriting(event.target)) return;
      event.preventDefault();
      field.current?.focus();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
  return (
    <SearchField
      ref={field}
      label="Find a layer"
      value={query}
      onChange={onQuery}
      shortcut="/"
      onKeyDown={event => {
        if (event.key !== 'Escape') return;
        onQuery('');
        event.currentTarget.blur();
      }}
    />
  );
}

function Models() {
  const models = useGraft(state => state.models);
  const { pickFiles, pickFolder } = useFilePicker();
  return (
    <Section
      title="Models"
      action={
        <span>
          <IconButton label="Open a folder" size="small" onClick={pickFolder}>
            <FolderOpen size={14} strokeWidth={1.75} />
          </IconButton>
          <IconButton label="Open model files" size="small" onClick={pickFiles}>
            <Plus size={15} strokeWidth={1.75} />
          </IconButton>
        </span>
      }
    >
      <div className={styles.list}>
        {Object.values(models).map(model => (
          <PaletteItem
            key={model.id}
            item={{ kind: 'model', model: model.id }}
            testId={`palette-model-${model.name}`}
            tone="model"
            icon={MODEL_ICON}
            name={model.name}
            detail={`${writtenBy(model)} · ${formatCount(countParameters(model.network))} parameters`}
            strong
          />
        ))}
      </div>
      <button type="button" className={styles.drop} onClick={pickFiles}>
        <Upload size={16} strokeWidth={1.75} aria-hidden="true" />
        <span className={styles.texts}>
          <span className={styles.name}>Drop a model here</span>
          <span className={styles.detail}>.keras .h5 model.json .zip</span>
        </span>
      </button>
    </Section>
  );
}

function Ends() {
  return (
    <Section title="Inputs and outputs">
      <div className={styles.grid}>
        <PaletteItem
          item={{ kind: 'input' }}
          testId="palette-Input"
          tone="input"
          icon={TABLE_ICON}
          name="Input"
          help="Where data comes in."
        />
        <PaletteItem
          item={{ kind: 'output' }}
          testId="palette-Output"
          tone="output"
          icon={OUTPUT_ICON}
          name="Output"
          help="Where a prediction comes out."
        />
      </div>
    </Section>
  );
}

function Layers({ types, searching }: { readonly types: readonly LayerType[]; readonly searching: boolean }) {
  if (types.length === 0) return null;
  return (
    <Section title="Layers">
      <div className={styles.list}>
        {CATEGORIES.map(category => {
          const members = types.filter(type => type.category === category);
          if (members.length === 0) return null;
          return (
            <Fold key={category} title={category} count={members.length} forced={searching}>
              <div className={styles.indented}>
                {members.map(type => (
                  <LayerItem key={type.type} type={type} />
                ))}
              </div>
            </Fold>
          );
        })}
      </div>
    </Section>
  );
}

function LayerItem({ type }: { readonly type: LayerType }) {
  return (
    <PaletteItem
      item={{ kind: 'layer', type: type.type }}
      testId={`palette-${type.type}`}
      tone={type.category === 'Merge' ? 'merge' : 'layer'}
      icon={layerIcon(type.type, type.category)}
      name={type.type}
      help={type.help}
    />
  );
}
