using System.Reflection;

namespace HarvestTools.HelpCompiler;

/// <summary>How a parameter stands in one parameter set.</summary>
internal sealed record ParameterInSet(string Name, bool Mandatory, int? Position, bool ByValue, bool ByPropertyName);

/// <summary>A parameter as the assembly declares it.</summary>
internal sealed record ParameterShape(
    string Name, string TypeName, bool IsSwitch, bool IsArray, bool Wildcards, IReadOnlyList<string> Aliases, IReadOnlyList<ParameterInSet> Sets)
{
    public static ParameterShape Read(PropertyInfo property)
    {
        Type type = property.PropertyType;
        return new ParameterShape(
            property.Name,
            NameOf(type),
            type.Name == "SwitchParameter",
            type.IsArray,
            CmdletShape.Find(property, "SupportsWildcardsAttribute") is not null,
            [
                .. CmdletShape.All(property, "AliasAttribute")
                    .SelectMany(static attribute => (IEnumerable<CustomAttributeTypedArgument>)attribute.ConstructorArguments[0].Value!)
                    .Select(static alias => (string)alias.Value!),
            ],
            [.. CmdletShape.All(property, "ParameterAttribute").Select(InSet)]);
    }

    /// <summary>A parameter that PowerShell adds by itself.</summary>
    public static ParameterShape Common(string name, string alias) => new(
        name, "SwitchParameter", true, false, false, [alias], [new ParameterInSet("__AllParameterSets", false, null, false, false)]);

    private static ParameterInSet InSet(CustomAttributeData attribute)
    {
        CustomAttributeNamedArgument position = attribute.NamedArguments.FirstOrDefault(static argument => argument.MemberName == "Position");
        return new ParameterInSet(
            CmdletShape.Named<string>(attribute, "ParameterSetName") ?? "__AllParameterSets",
            CmdletShape.Named<bool>(attribute, "Mandatory"),
            position.MemberInfo is null ? null : (int)position.TypedValue.Value!,
            CmdletShape.Named<bool>(attribute, "ValueFromPipeline"),
            CmdletShape.Named<bool>(attribute, "ValueFromPipelineByPropertyName"));
    }

    private static string NameOf(Type type) => type switch
    {
        { IsArray: true } => NameOf(type.GetElementType()!) + "[]",
        { IsGenericType: true, Name: "Nullable`1" } => NameOf(type.GetGenericArguments()[0]),
        _ => type.FullName switch
        {
            "System.String" => "string",
            "System.Int32" => "int",
            "System.Int64" => "long",
            "System.Double" => "double",
            "System.Boolean" => "bool",
            "System.Object" => "Object",
            _ => type.Name,
        },
    };
}
