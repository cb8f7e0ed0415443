import { z } from 'zod';

/**
 * What the published schema of Adaptive Cards 1.6 (`schemas/1.6.0/adaptive-card.json` in microsoft/AdaptiveCards) says of the elements that Tandem's cards are made of:
 * nothing that it does not name may stand in them, and what it requires has to. Words for looks are the same in any case.
 */

/** One of these words, in any case. */
const oneOf = (...words: readonly string[]) =>
  z.string().refine((word) => words.includes(word.toLowerCase()), `is none of ${words.join(', ')}`);
const size = oneOf('default', 'small', 'medium', 'large', 'extralarge').nullable().optional();
const weight = oneOf('default', 'lighter', 'bolder').nullable().optional();
const flag = z.boolean().optional();
const width = z.union([z.string(), z.number()]).optional();

const action = {
  title: z.string().optional(),
  id: z.string().optional(),
  style: oneOf('default', 'positive', 'destructive').optional(),
  tooltip: z.string().optional(),
  isEnabled: flag,
  mode: oneOf('primary', 'secondary').optional(),
};
const Submit = z.strictObject({
  type: z.literal('Action.Submit'),
  ...action,
  data: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  associatedInputs: oneOf('auto', 'none').optional(),
});
const OpenUrl = z.strictObject({
  type: z.literal('Action.OpenUrl'),
  ...action,
  url: z.string().refine((url) => URL.canParse(url, 'https://tandem.example')),
});
const ShowCard = z.strictObject({ type: z.literal('Action.ShowCard'), ...action, card: z.lazy(() => InnerCard) });
const Action = z.discriminatedUnion('type', [Submit, OpenUrl, ShowCard]);
/** A card cannot be shown by what is merely touched. */
const SelectAction = z.discriminatedUnion('type', [Submit, OpenUrl]);

const element = {
  height: oneOf('auto', 'stretch').optional(),
  separator: flag,
  spacing: oneOf('default', 'none', 'small', 'medium', 'large', 'extralarge', 'padding').optional(),
  isVisible: flag,
};
const look = { isSubtle: z.boolean().nullable().optional(), size, weight };
const TextBlock = z.strictObject({
  type: z.literal('TextBlock'),
  ...element,
  id: z.string().optional(),
  text: z.string(),
  ...look,
  wrap: flag,
  maxLines: z.number().optional(),
  style: oneOf('default', 'heading').nullable().optional(),
});
const TextRun = z.strictObject({
  type: z.literal('TextRun'),
  text: z.string(),
  ...look,
  highlight: flag,
  italic: flag,
  underline: flag,
  strikethrough: flag,
  selectAction: SelectAction.optional(),
});
const RichTextBlock = z.strictObject({
  type: z.literal('RichTextBlock'),
  ...element,
  id: z.string().optional(),
  inlines: z.array(TextRun),
});

const input = {
  ...element,
  id: z.string(),
  label: z.string().optional(),
  errorMessage: z.string().optional(),
  isRequired: flag,
};
const hinted = { ...input, placeholder: z.string().optional() };
const InputText = z.strictObject({
  type: z.literal('Input.Text'),
  ...hinted,
  value: z.string().optional(),
  isMultiline: flag,
  maxLength: z.number().optional(),
  regex: z.string().optional(),
  style: oneOf('text', 'tel', 'url', 'email', 'password').optional(),
  inlineAction: SelectAction.optional(),
});
const InputNumber = z.strictObject({
  type: z.literal('Input.Number'),
  ...hinted,
  value: z.number().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
});
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const InputDate = z.strictObject({
  type: z.literal('Input.Date'),
  ...hinted,
  value: day.optional(),
  min: day.optional(),
  max: day.optional(),
});
const time = z.string().regex(/^\d{2}:\d{2}$/);
const InputTime = z.strictObject({
  type: z.literal('Input.Time'),
  ...hinted,
  value: time.optional(),
  min: time.optional(),
  max: time.optional(),
});
const InputChoiceSet = z.strictObject({
  type: z.literal('Input.ChoiceSet'),
  ...hinted,
  value: z.string().optional(),
  style: oneOf('compact', 'expanded', 'filtered').optional(),
  isMultiSelect: flag,
  wrap: flag,
  choices: z.array(z.strictObject({ title: z.string(), value: z.string() })).optional(),
  'choices.data': z
    .strictObject({
      type: z.literal('Data.Query').optional(),
      dataset: z.string(),
      count: z.number().optional(),
      skip: z.number().optional(),
    })
    .optional(),
});

const ActionSet = z.strictObject({ type: z.literal('ActionSet'), ...element, id: z.string().optional(), actions: z.array(Action) });
const Table = z.strictObject({
  type: z.literal('Table'),
  ...element,
  id: z.string().optional(),
  columns: z.array(z.strictObject({ type: z.literal('TableColumnDefinition').optional(), width })).optional(),
  firstRowAsHeader: flag,
  showGridLines: flag,
  rows: z
    .array(
      z.strictObject({
        type: z.literal('TableRow').optional(),
        cells: z
          .array(
            z.strictObject({
              type: z.literal('TableCell').optional(),
              items: z.array(z.lazy(() => Element)),
              selectAction: SelectAction.optional(),
            }),
          )
          .optional(),
      }),
    )
    .optional(),
});
const ColumnSet = z.strictObject({
  type: z.literal('ColumnSet'),
  ...element,
  id: z.string().optional(),
  columns: z
    .array(
      z.strictObject({
        type: z.literal('Column').optional(),
        width,
        items: z.array(z.lazy(() => Element)).optional(),
        selectAction: SelectAction.optional(),
      }),
    )
    .optional(),
});

const Element: z.ZodType = z.discriminatedUnion('type', [
  TextBlock,
  RichTextBlock,
  InputText,
  InputNumber,
  InputDate,
  InputTime,
  InputChoiceSet,
  ActionSet,
  Table,
  ColumnSet,
]);

const InnerCard: z.ZodType = z.lazy(() => z.strictObject(card));
const card = {
  type: z.literal('AdaptiveCard'),
  version: z.literal('1.6').optional(),
  $schema: z.url().optional(),
  body: z.array(Element).optional(),
  actions: z.array(Action).optional(),
  fallbackText: z.string().optional(),
  lang: z.string().optional(),
};

/** A whole card: it has to name its version. */
export const PublishedCard = z.strictObject({ ...card, version: z.literal('1.6') });
