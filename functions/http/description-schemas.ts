import { z } from 'zod';

/** A schema in JSON Schema, draft 2020-12, as OpenAPI 3.1 takes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Request bodies and replies may differ in one schema: what has a default may be left out of the one and is never missing in the other. */
type Way = 'input' | 'output';

/** Collects the schemas that have a name, so that each stands in the document once. */
export class SchemaShelf {
  private readonly named = new Map<string, JsonSchema>();

  /** The schema of what is sent to the API (`input`) or by it (`output`). Schemas with an id become references. */
  take(schema: z.ZodType, way: Way): JsonSchema {
    const { $schema: _, $defs, ...own } = z.toJSONSchema(schema, { io: way, override: ({ jsonSchema }) => tidy(jsonSchema) });
    for (const [name, def] of Object.entries($defs ?? {})) this.named.set(nameOf(name, way), withoutId(referring(def, way)));
    return referring(own, way);
  }

  /** All that were named, in the order of their names. */
  all(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.named].sort(([left], [right]) => (left < right ? -1 : 1)));
  }
}

function nameOf(name: string, way: Way): string {
  return way === 'input' ? `${name}Input` : name;
}

/** What the format says already: the patterns of dates are long, and the limits of integers are those of JavaScript. */
function tidy(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.format === 'date-time' || schema.format === 'date' || schema.format === 'uuid') delete schema.pattern;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}

function withoutId(schema: JsonSchema): JsonSchema {
  const { id: _, ...rest } = schema;
  return rest;
}

/** The schema with its references led to the document's components. */
function referring(schema: object, way: Way): JsonSchema {
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, key === '$ref' ? refOf(value, way) : each(value, way)]));
}

function each(value: unknown, way: Way): unknown {
  if (Array.isArray(value)) return value.map((element: unknown) => each(element, way));
  return typeof value === 'object' && value !== null ? referring(value, way) : value;
}

function refOf(ref: unknown, way: Way): string {
  return `#/components/schemas/${nameOf(String(ref).replace('#/$defs/', ''), way)}`;
}
