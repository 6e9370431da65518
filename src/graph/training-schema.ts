/** The form of the training part of a saved document. An option that isn't said has its default, as in Keras. */
import * as v from 'valibot';
import type { Option, OptionTable, SettingsOf } from './options';
import {
  CLIPPINGS,
  EARLY_STOPPING,
  OPTIMIZERS,
  type Phase,
  SCHEDULES,
  type Schedule,
  VALIDATION_LOSS,
} from './training-settings';

export const finite = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.integer(), v.minValue(1));

/** A kind of the table with its options. */
export function optionsSchema<T extends OptionTable>(table: T): v.GenericSchema<unknown, SettingsOf<T>> {
  const kinds = Object.entries(table).map(([kind, options]) =>
    v.object({ kind: v.literal(kind), ...optionSchemas(options) }),
  );
  // The type is made of the same table.
  return v.variant('kind', kinds) as unknown as v.GenericSchema<unknown, SettingsOf<T>>;
}

function optionSchemas(options: Readonly<Record<string, Option>>): v.ObjectEntries {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => [name, v.optional(formOf(option), option.default)]),
  );
}

function formOf(option: Option): v.GenericSchema {
  switch (option.kind) {
    case 'number':
      return finite;
    case 'optional-number':
      return v.nullable(finite);
    case 'flag':
      return v.boolean();
    case 'choice':
      return v.picklist(option.choices);
    case 'numbers':
      return v.array(finite);
  }
}

const monitorSchema = v.object({
  rows: v.picklist(['validation', 'training']),
  output: v.nullable(v.string()),
  value: v.string(),
});

const { plateau, ...schedules } = SCHEDULES;

const scheduleSchema = v.union([
  optionsSchema(schedules),
  v.object({
    kind: v.literal('plateau'),
    ...optionSchemas(plateau),
    monitor: v.optional(monitorSchema, VALIDATION_LOSS),
  }),
]) as unknown as v.GenericSchema<unknown, Schedule>;

export const freezeSchema = v.variant('kind', [
  v.object({ kind: v.literal('all') }),
  v.object({ kind: v.literal('none') }),
  v.object({ kind: v.literal('asSaved') }),
  v.object({ kind: v.literal('upTo'), call: v.string() }),
]);

const phaseSchema = v.object({
  name: v.string(),
  epochs: count,
  optimizer: optionsSchema(OPTIMIZERS),
  schedule: scheduleSchema,
  freeze: v.record(v.string(), freezeSchema),
  trainable: v.record(v.string(), v.boolean()),
});

export const trainingSchema = v.object({
  phases: v.pipe(
    v.tupleWithRest([phaseSchema], phaseSchema),
    v.transform(phases => phases as [Phase, ...Phase[]]),
  ),
  batchSize: count,
  validationSplit: v.pipe(finite, v.minValue(0), v.maxValue(1)),
  seed: v.pipe(v.number(), v.integer()),
  earlyStopping: v.nullable(
    v.object({
      monitor: monitorSchema,
      minDelta: v.optional(finite, EARLY_STOPPING.minDelta.default),
      patience: v.optional(finite, EARLY_STOPPING.patience.default),
      restoreBest: v.optional(v.boolean(), EARLY_STOPPING.restoreBest.default),
    }),
  ),
  clipping: v.nullable(optionsSchema(CLIPPINGS)),
});
