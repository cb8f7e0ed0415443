import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Language, type Node, Parser } from 'web-tree-sitter';

/** What only Bicep itself could work out, as it is written. */
export interface Expression {
  readonly expression: string;
}

/** A call of one of Bicep's functions. */
export interface Call extends Expression {
  readonly call: string;
  readonly with: readonly Value[];
}

export type Value = string | number | boolean | null | Expression | Call | readonly Value[] | Properties;

export interface Properties {
  readonly [name: string]: Value;
}

export interface Parameter {
  readonly name: string;
  readonly line: number;
  readonly decorators: readonly string[];
  /** Absent where the parameter has to be given. */
  readonly fallback?: Value;
}

export interface Resource {
  readonly symbol: string;
  readonly line: number;
  readonly type: string;
  readonly version: string;
  readonly existing: boolean;
  readonly body: Properties;
}

export interface Module {
  readonly symbol: string;
  readonly line: number;
  readonly source: string;
  readonly body: Properties;
}

export interface Output {
  readonly name: string;
  readonly line: number;
  readonly text: string;
}

/** A Bicep file as far as checks need it. */
export interface BicepFile {
  readonly path: string;
  readonly text: string;
  readonly errors: readonly { readonly line: number; readonly text: string }[];
  readonly parameters: readonly Parameter[];
  readonly variables: Readonly<Record<string, Value>>;
  readonly resources: readonly Resource[];
  /** Lines of resources that are declared inside others. */
  readonly nested: readonly number[];
  readonly modules: readonly Module[];
  readonly outputs: readonly Output[];
  /** Every call of a function or method: its name and line. */
  readonly calls: readonly { readonly name: string; readonly line: number }[];
  /** Every literal text and its line. */
  readonly texts: readonly { readonly text: string; readonly line: number }[];
}

let parser: Promise<Parser> | undefined;

async function loadParser(): Promise<Parser> {
  await Parser.init();
  const folder = dirname(require.resolve('tree-sitter-bicep/package.json'));
  const loaded = new Parser();
  loaded.setLanguage(await Language.load(readFileSync(join(folder, 'tree-sitter-bicep.wasm'))));
  return loaded;
}

/** Reads Bicep without its compiler. Object spread and `extension` are syntax errors here, though Bicep knows them. */
export async function parseBicep(text: string, path = 'inline.bicep'): Promise<BicepFile> {
  parser ??= loadParser();
  const tree = (await parser).parse(text);
  if (tree === null) throw new Error(`${path} cannot be parsed.`);
  const root = tree.rootNode;
  const declared = all(root, 'resource_declaration');
  const file = {
    path,
    text,
    errors: errorsIn(root),
    parameters: all(root, 'parameter_declaration').map(parameterOf),
    variables: Object.fromEntries(all(root, 'variable_declaration').map((node) => [symbolOf(node), meaningOf(lastChild(node))])),
    resources: declared.filter(({ parent }) => parent?.id === root.id).map(resourceOf),
    nested: declared.filter(({ parent }) => parent?.id !== root.id).map(lineOf),
    modules: all(root, 'module_declaration').map((node) => ({
      symbol: symbolOf(node),
      line: lineOf(node),
      source: textOf(child(node, 1)),
      body: bodyOf(node),
    })),
    outputs: all(root, 'output_declaration').map((node) => ({
      name: symbolOf(node),
      line: lineOf(node),
      text: lastChild(node).text,
    })),
    calls: all(root, 'call_expression').map((node) => ({ name: calledBy(node), line: lineOf(node) })),
    texts: all(root, 'string_content').map((node) => ({ text: node.text, line: lineOf(node) })),
  };
  tree.delete();
  return file;
}

export const projectRoot = join(__dirname, '..', '..');

/** Every Bicep file of the project; paths are from the project's root. */
export async function projectBicep(): Promise<BicepFile[]> {
  const paths = ['infra', 'bicep'].flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.bicep'))
      .map((name) => join(folder, name)),
  );
  return Promise.all(paths.map((path) => bicepFile(path)));
}

export async function bicepFile(path: string): Promise<BicepFile> {
  return parseBicep(readFileSync(join(projectRoot, path), 'utf8'), path);
}

export function isProperties(value: Value | undefined): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('expression' in value);
}

export function isCall(value: Value | undefined): value is Call {
  return typeof value === 'object' && value !== null && 'call' in value;
}

function all(root: Node, type: string): Node[] {
  return root.descendantsOfType(type).filter((node) => node !== null);
}

function named(node: Node): Node[] {
  return node.namedChildren.filter((each) => each !== null && each.type !== 'comment' && each.type !== 'diagnostic_comment') as Node[];
}

function child(node: Node, index: number): Node {
  const found = named(node)[index];
  if (found === undefined) throw new Error(`Line ${lineOf(node)} has no part ${index}: ${node.text}`);
  return found;
}

const lastChild = (node: Node): Node => child(node, named(node).length - 1);
const lineOf = (node: Node): number => node.startPosition.row + 1;
const symbolOf = (node: Node): string => child(node, 0).text;
const calledBy = (node: Node): string => child(node, 0).text.split('.').at(-1) ?? '';

function errorsIn(node: Node): { line: number; text: string }[] {
  if (node.type === 'ERROR' || node.isMissing) return [{ line: lineOf(node), text: node.text.slice(0, 60) }];
  return node.children.flatMap((each) => (each === null ? [] : errorsIn(each)));
}

function parameterOf(node: Node): Parameter {
  const parts = named(node);
  const fallback = parts[2];
  const before = node.previousNamedSibling;
  const decorators = before?.type === 'decorators' ? all(before, 'decorator').map((each) => calledBy(child(each, 0))) : [];
  return { name: symbolOf(node), line: lineOf(node), decorators, ...(fallback === undefined ? {} : { fallback: meaningOf(fallback) }) };
}

function resourceOf(node: Node): Resource {
  const [type = '', version = ''] = textOf(child(node, 1)).split('@');
  const existing = /\bexisting\s*=/.test(node.text.split('{')[0] ?? '');
  return { symbol: symbolOf(node), line: lineOf(node), type, version, existing, body: bodyOf(node) };
}

/** The object that a declaration ends in, be it conditional or in a loop. */
function bodyOf(node: Node): Properties {
  const last = lastChild(node);
  if (last.type === 'if_statement' || last.type === 'for_statement') return bodyOf(last);
  const value = meaningOf(last);
  return isProperties(value) ? value : {};
}

function meaningOf(node: Node): Value {
  switch (node.type) {
    case 'string':
      return all(node, 'interpolation').length === 0 ? textOf(node) : { expression: node.text };
    case 'number':
      return Number(node.text);
    case 'boolean':
      return node.text === 'true';
    case 'null':
      return null;
    case 'array':
      return named(node).map(meaningOf);
    case 'object':
      return Object.fromEntries(
        named(node)
          .filter((each) => each.type === 'object_property' && named(each).length === 2)
          .map((each) => [keyOf(child(each, 0)), meaningOf(child(each, 1))]),
      );
    case 'parenthesized_expression':
      return meaningOf(child(node, 0));
    case 'call_expression':
      return { expression: node.text, call: calledBy(node), with: named(lastChild(node)).map(meaningOf) };
    default:
      return { expression: node.text };
  }
}

const keyOf = (node: Node): string => (node.type === 'string' ? textOf(node) : node.text);

function textOf(node: Node): string {
  return named(node)
    .map(({ text }) => text)
    .join('');
}
