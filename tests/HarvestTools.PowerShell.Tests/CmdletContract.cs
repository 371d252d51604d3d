using System.Reflection;
using System.Runtime.CompilerServices;
using HarvestTools.PowerShell;

namespace HarvestTools.Tests;

/// <summary>The cmdlets as the assembly's metadata declares them; attributes are read, never made.</summary>
internal static class CmdletContract
{
    public const string AllSets = "__AllParameterSets";

    public static Assembly Assembly { get; } = typeof(HarvestCommand).Assembly;

    public static IReadOnlyList<Type> Cmdlets { get; } =
        [.. Assembly.GetExportedTypes().Where(static type => !type.IsAbstract && Attribute(type, "CmdletAttribute") is not null)];

    /// <summary>The checkout's folder.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    public static string NameOf(Type cmdlet)
    {
        CustomAttributeData data = Attribute(cmdlet, "CmdletAttribute")!;
        return $"{data.ConstructorArguments[0].Value}-{data.ConstructorArguments[1].Value}";
    }

    public static IEnumerable<PropertyInfo> Parameters(Type cmdlet) =>
        cmdlet.GetProperties().Where(static property => Attribute(property, "ParameterAttribute") is not null);

    /// <summary>Names of the sets that a parameter stands in.</summary>
    public static IEnumerable<string> SetsOf(PropertyInfo parameter) =>
        Attributes(parameter, "ParameterAttribute").Select(static data => Named<string>(data, "ParameterSetName") ?? AllSets);

    public static CustomAttributeData? Attribute(MemberInfo member, string name) => Attributes(member, name).FirstOrDefault();

    public static IEnumerable<CustomAttributeData> Attributes(MemberInfo member, string name) =>
        member.GetCustomAttributesData().Where(data => data.AttributeType.Name == name);

    public static T? Named<T>(CustomAttributeData data, string name) =>
        data.NamedArguments.FirstOrDefault(argument => argument.MemberName == name).TypedValue.Value is T value ? value : default;

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
