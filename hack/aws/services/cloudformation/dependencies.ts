// Which resource needs which: found in Ref, Fn::GetAtt, Fn::Sub and DependsOn, ordered, checked for cycles.
import { functionCall, SUBSTITUTION, unresolved } from './intrinsics.ts';
import { isObject, validationError, type Template } from './template.ts';

/** Logical id -> logical ids it needs. Resources whose condition is false are left out. */
export type Dependencies = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html
 * @throws ValidationError for unknown names and for cycles.
 */
export function dependenciesOf(template: Template, conditions: ReadonlyMap<string, boolean>): Dependencies {
  const active = Object.entries(template.Resources).filter(
    ([, { Condition }]) => Condition === undefined || conditions.get(Condition),
  );
  const activeIds = new Set(active.map(([logicalId]) => logicalId));
  const usable = new Set([...activeIds, ...Object.keys(template.Parameters)]);
  const dependencies = new Map<string, ReadonlySet<string>>();
  for (const [logicalId, definition] of active) {
    const names = new Set<string>();
    collectReferences(definition.Properties, conditions, names);
    // A reference needs the resource; DependsOn may name one whose condition is false.
    const missing = [
      ...[...names].filter((name) => !usable.has(name) && !name.startsWith('AWS::')),
      ...definition.DependsOn.filter((name) => template.Resources[name] === undefined),
    ];
    if (missing.length > 0) throw unresolved(...missing);
    dependencies.set(logicalId, new Set([...definition.DependsOn, ...names].filter((name) => activeIds.has(name))));
  }
  creationOrder(dependencies);
  return dependencies;
}

function collectReferences(value: unknown, conditions: ReadonlyMap<string, boolean>, names: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collectReferences(item, conditions, names);
    return;
  }
  if (!isObject(value)) return;
  const call = functionCall(value);
  if (call === undefined) {
    for (const item of Object.values(value)) collectReferences(item, conditions, names);
    return;
  }
  const { name, argument } = call;
  if (name === 'Ref') names.add(String(argument));
  else if (name === 'Fn::GetAtt')
    names.add(String(Array.isArray(argument) ? argument[0] : String(argument).split('.')[0]));
  else if (name === 'Fn::If' && Array.isArray(argument)) {
    collectReferences(conditions.get(String(argument[0])) ? argument[1] : argument[2], conditions, names);
  } else if (name === 'Fn::Sub') collectSubstitutions(argument, conditions, names);
  else collectReferences(argument, conditions, names);
}

function collectSubstitutions(argument: unknown, conditions: ReadonlyMap<string, boolean>, names: Set<string>): void {
  const [template, variables] = Array.isArray(argument) ? argument : [argument];
  const local = isObject(variables) ? variables : {};
  for (const [, literal, name = ''] of String(template).matchAll(SUBSTITUTION)) {
    if (literal === undefined && !(name in local) && !name.startsWith('AWS::')) names.add(name.split('.')[0] ?? name);
  }
  collectReferences(local, conditions, names);
}

/**
 * Ids so that each comes after what it needs; template order otherwise.
 * @throws ValidationError naming the circle.
 */
export function creationOrder(dependencies: Dependencies): readonly string[] {
  const order: string[] = [];
  const done = new Set<string>();
  const visit = (logicalId: string, path: readonly string[]): void => {
    if (done.has(logicalId)) return;
    if (path.includes(logicalId)) {
      throw validationError(
        `Circular dependency between resources: [${path.slice(path.indexOf(logicalId)).join(', ')}]`,
      );
    }
    for (const needed of dependencies.get(logicalId) ?? [])
      if (dependencies.has(needed)) visit(needed, [...path, logicalId]);
    done.add(logicalId);
    order.push(logicalId);
  };
  for (const logicalId of dependencies.keys()) visit(logicalId, []);
  return order;
}

/** The same graph read backwards: what must be gone before each resource may go. */
export function reversed(dependencies: Dependencies): Dependencies {
  const users = new Map<string, Set<string>>([...dependencies.keys()].map((id) => [id, new Set()]));
  for (const [logicalId, needed] of dependencies) for (const id of needed) users.get(id)?.add(logicalId);
  return users;
}
