import { describe, expect, it } from 'vitest';
import { creationOrder, dependenciesOf, reversed } from './dependencies.ts';
import { evaluateConditions, KNOWN_AFTER_APPLY, resolve, type Scope } from './intrinsics.ts';
import { parameterValues, resolveParameters } from './parameters.ts';
import { parseTemplate } from './template.ts';

const scopeOf = (body: string, options: Partial<Scope> = {}): Scope => {
  const scope = {
    template: parseTemplate(body),
    parameters: new Map<string, string | string[]>(),
    pseudo: new Map([['AWS::Region', 'eu-west-1']]),
    exported: (name: string) => (name === 'shared-key' ? 'key-1' : undefined),
    ...options,
  };
  return { conditions: evaluateConditions(scope), resource: () => undefined, ...scope };
};

const resolveProperties = (body: string, options: Partial<Scope> = {}): unknown => {
  const scope = scopeOf(body, options);
  return resolve(scope.template.Resources['A']?.Properties, scope);
};

describe('parseTemplate', () => {
  it('reads YAML short forms and JSON to the same template', () => {
    const yaml = `
Resources:
  A:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Join ['-', [!Ref AWS::Region, !GetAtt B.Arn.Part, !Sub 'x\${B}']]
  B: { Type: AWS::S3::Bucket }`;
    const json = JSON.stringify({
      Resources: {
        A: {
          Type: 'AWS::S3::Bucket',
          Properties: {
            BucketName: {
              'Fn::Join': ['-', [{ Ref: 'AWS::Region' }, { 'Fn::GetAtt': ['B', 'Arn.Part'] }, { 'Fn::Sub': 'x${B}' }]],
            },
          },
        },
        B: { Type: 'AWS::S3::Bucket' },
      },
    });
    expect(parseTemplate(yaml)).toEqual(parseTemplate(json));
  });

  it.each([
    ['no resources', '{}', 'At least one Resources member must be defined'],
    ['an unknown section', '{"Resource": {}}', 'Invalid template property or properties [Resource]'],
    ['a resource without type', '{"Resources": {"A": {}}}', 'must contain a Type member'],
    [
      'an unknown attribute',
      '{"Resources": {"A": {"Type": "T", "Depends": "B"}}}',
      "Invalid template resource property 'Depends'",
    ],
    ['broken JSON', '{"Resources": ', 'JSON not well-formed'],
    ['an unknown short form', 'Resources: {A: {Type: !Nope x}}', 'Unresolved tag: !Nope'],
    ['a name with a dash', '{"Resources": {"A-B": {"Type": "T"}}}', 'non alphanumeric'],
  ])('refuses %s', (_, body, message) => {
    expect(() => parseTemplate(body)).toThrow(message);
  });
});

describe('intrinsic functions', () => {
  it('evaluates every function that needs no resource', () => {
    const properties = resolveProperties(
      `
Parameters: { P: { Type: String } }
Mappings: { M: { eu-west-1: { size: big } } }
Conditions:
  IsX: !Equals [!Ref P, x]
  NotX: !Not [!Condition IsX]
  Both: !And [!Condition IsX, !Or [!Condition NotX, !Condition IsX]]
Resources:
  A:
    Type: T
    Properties:
      Select: !Select [1, !Split [',', 'a,b,c']]
      Map: !FindInMap [M, !Ref AWS::Region, size]
      Gone: !Ref AWS::NoValue
      GoneByIf: !If [NotX, kept, !Ref AWS::NoValue]
      Kept: !If [Both, [one, !If [NotX, two, !Ref AWS::NoValue]], never]
      Sub: !Sub ['\${P} \${!P} \${v} \${AWS::Region}', { v: !Join [':', [1, true]] }]
      Base64: !Base64 hello
      Import: !ImportValue shared-key
      Zones: !GetAZs ''
      Cidr: !Cidr ['10.0.0.0/16', 3, 8]
      Json: !ToJsonString { a: !Ref P }`,
      { parameters: new Map([['P', 'x']]) },
    );
    expect(properties).toEqual({
      Select: 'b',
      Map: 'big',
      Kept: ['one'],
      Sub: 'x ${P} 1:true eu-west-1',
      Base64: 'aGVsbG8=',
      Import: 'key-1',
      Zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
      Cidr: ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24'],
      Json: '{"a":"x"}',
    });
  });

  it('takes values of finished resources and marks those still to come', () => {
    const body = `
Resources:
  A: { Type: T, Properties: { Ref: !Ref B, Arn: !GetAtt B.Arn, Later: !Ref C, Sub: !Sub 'x-\${B.Arn}-\${B}' } }
  B: { Type: T }
  C: { Type: T }`;
    const resource = (id: string) => (id === 'B' ? { ref: 'b-1', attributes: { Arn: 'arn:b-1' } } : undefined);
    expect(resolveProperties(body, { resource })).toEqual({
      Ref: 'b-1',
      Arn: 'arn:b-1',
      Later: KNOWN_AFTER_APPLY,
      Sub: 'x-arn:b-1-b-1',
    });
  });

  it.each([
    ['an unknown name', '!Ref Nope', 'Unresolved resource dependencies [Nope]'],
    ['an unknown export', '!ImportValue nope', 'No export named nope found.'],
    ['an unknown attribute', '!GetAtt B.Nope', 'does not support attribute type Nope'],
    ['an unknown mapping', '!FindInMap [M, a, b]', 'Unable to get mapping for M::a::b'],
    ['an unknown condition', '!If [C, a, b]', 'Unresolved condition dependency C'],
    ['an index out of range', '!Select [3, [a]]', 'nonexistent value at index 3'],
    ['an unknown function', '{ "Fn::Transform": {} }', 'does not implement Fn::Transform'],
  ])('refuses %s', (_, expression, message) => {
    const body = `
Resources:
  A: { Type: T, Properties: { P: ${expression} } }
  B: { Type: T }`;
    expect(() => resolveProperties(body, { resource: () => ({ ref: 'b', attributes: {} }) })).toThrow(message);
  });
});

describe('dependencies', () => {
  const graph = (body: string) => {
    const scope = scopeOf(body);
    return dependenciesOf(scope.template, scope.conditions);
  };

  it('orders by Ref, GetAtt, Sub and DependsOn, following only the branch that is taken', () => {
    const dependencies = graph(`
Conditions: { No: !Equals [a, b] }
Resources:
  A: { Type: T, DependsOn: B, Properties: { X: !If [No, !Ref E, !GetAtt C.Arn] } }
  B: { Type: T, Properties: { X: !Sub '\${D.Arn}' } }
  C: { Type: T, Properties: { X: [!Ref D] } }
  D: { Type: T }
  E: { Type: T, Condition: No }`);
    expect(creationOrder(dependencies)).toEqual(['D', 'B', 'C', 'A']);
    expect(Object.fromEntries(reversed(dependencies))).toEqual({
      A: new Set(),
      B: new Set('A'),
      C: new Set('A'),
      D: new Set(['B', 'C']),
    });
  });

  it('refuses circles and unknown names', () => {
    expect(() =>
      graph('Resources: { A: { Type: T, DependsOn: B }, B: { Type: T, Properties: { X: !Ref A } } }'),
    ).toThrow('Circular dependency between resources: [A, B]');
    expect(() => graph('Resources: { A: { Type: T, DependsOn: [Z] } }')).toThrow(
      'Unresolved resource dependencies [Z]',
    );
  });
});

describe('resolveParameters', () => {
  const template = parseTemplate(`
Parameters:
  Name: { Type: String, AllowedPattern: '[a-z]+', MinLength: 2 }
  Size: { Type: Number, Default: 3, MaxValue: 5 }
  List: { Type: CommaDelimitedList, Default: 'a, b' }
  Version: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /boot/version }
Resources: { A: { Type: T } }`);
  const readSsm = (name: string) => Promise.resolve(name === '/boot/version' ? '21' : undefined);
  const given = (...pairs: [string, string][]) =>
    pairs.map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));

  it('takes given, previous and default values and looks SSM up', async () => {
    const first = await resolveParameters(template, given(['Name', 'abc'], ['Size', '5']), new Map(), readSsm);
    const second = await resolveParameters(
      template,
      [{ ParameterKey: 'Name', UsePreviousValue: true }, ...given(['List', 'x'])],
      first,
      readSsm,
    );
    expect(Object.fromEntries(parameterValues(template, first))).toEqual({
      Name: 'abc',
      Size: '5',
      List: ['a', 'b'],
      Version: '21',
    });
    expect(Object.fromEntries(parameterValues(template, second))).toEqual({
      Name: 'abc',
      Size: '3',
      List: ['x'],
      Version: '21',
    });
  });

  it.each([
    ['missing', [], 'Parameters: [Name] must have values'],
    ['unknown', given(['Name', 'abc'], ['Nope', 'x']), 'Parameters: [Nope] do not exist in the template'],
    ['against the pattern', given(['Name', 'ABC']), "Parameter 'Name' must match pattern [a-z]+"],
    ['too short', given(['Name', 'a']), "Parameter 'Name' must contain at least 2 characters"],
    ['too large', given(['Name', 'abc'], ['Size', '6']), "Parameter 'Size' must be a number not greater than 5"],
    [
      'no such SSM parameter',
      given(['Name', 'abc'], ['Version', '/nope']),
      'Unable to fetch parameters [/nope] from parameter store',
    ],
  ])('refuses a value that is %s', async (_, values, message) => {
    await expect(resolveParameters(template, values, new Map(), readSsm)).rejects.toThrow(message);
  });
});
