using System.Reflection;
using System.Runtime.Loader;

namespace HarvestTools.HelpCompiler;

/// <summary>A cmdlet as its assembly declares it; read from metadata, nothing of it is run.</summary>
internal sealed record CmdletShape(
    string Verb, string Noun, string? DefaultSet, bool ShouldProcess, IReadOnlyList<ParameterShape> Parameters, IReadOnlyList<string> OutputTypes)
{
    private const string AllSets = "__AllParameterSets";

    public string Name => $"{Verb}-{Noun}";

    /// <summary>Names of the parameter sets, the default one first.</summary>
    public IReadOnlyList<string> Sets
    {
        get
        {
            // A default set without parameters of its own is one all the same: what the others add is left out in it.
            IEnumerable<string> used = Parameters.SelectMany(static p => p.Sets).Select(static s => s.Name);
            string[] named = [.. (DefaultSet is null ? used : used.Append(DefaultSet)).Where(static s => s != AllSets).Distinct()];
            return named.Length == 0 ? [AllSets] : [.. named.OrderBy(name => name != DefaultSet)];
        }
    }

    /// <summary>The parameters of one set, positional ones first, mandatory ones next, as Get-Command -Syntax has them.</summary>
    public IEnumerable<(ParameterShape Parameter, ParameterInSet How)> InSet(string set) =>
        from parameter in Parameters
        let how = parameter.Sets.FirstOrDefault(s => s.Name == set) ?? parameter.Sets.FirstOrDefault(static s => s.Name == AllSets)
        where how is not null
        orderby how.Position ?? int.MaxValue, !how.Mandatory
        select (parameter, how);

    /// <summary>One line a parameter set.</summary>
    public IEnumerable<string> SyntaxLines() => Sets.Select(set =>
        string.Join(' ', InSet(set).Select(static entry => Syntax(entry.Parameter, entry.How)).Prepend(Name).Append("[<CommonParameters>]")));

    public static List<CmdletShape> ReadAll(string assemblyPath, string standardLibrary)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(assemblyPath))!;
        var context = new AssemblyLoadContext("module");
        context.Resolving += (_, name) =>
        {
            string path = name.Name == "System.Management.Automation" ? standardLibrary : Path.Combine(folder, name.Name + ".dll");
            return File.Exists(path) ? context.LoadFromAssemblyPath(Path.GetFullPath(path)) : null;
        };
        return
        [
            .. context.LoadFromAssemblyPath(Path.GetFullPath(assemblyPath)).GetExportedTypes()
                .Where(static type => !type.IsAbstract && Find(type, "CmdletAttribute") is not null)
                .Select(Read)
                .OrderBy(static cmdlet => cmdlet.Name, StringComparer.Ordinal),
        ];
    }

    private static CmdletShape Read(Type type)
    {
        CustomAttributeData cmdlet = Find(type, "CmdletAttribute")!;
        bool shouldProcess = Named<bool>(cmdlet, "SupportsShouldProcess");
        List<ParameterShape> parameters =
        [
            .. type.GetProperties()
                .Where(static property => Find(property, "ParameterAttribute") is not null)
                .Select(ParameterShape.Read)
                .OrderBy(static parameter => parameter.Name, StringComparer.Ordinal),
        ];
        if (shouldProcess)
        {
            parameters.Add(ParameterShape.Common("Confirm", "cf"));
            parameters.Add(ParameterShape.Common("WhatIf", "wi"));
        }

        string[] outputs =
        [
            .. All(type, "OutputTypeAttribute")
                .SelectMany(static attribute => attribute.ConstructorArguments)
                .SelectMany(static argument => argument.Value is IEnumerable<CustomAttributeTypedArgument> list ? list.Select(static item => item.Value) : [argument.Value])
                .Select(static value => value is Type output ? output.FullName! : value!.ToString()!),
        ];
        return new CmdletShape(
            (string)cmdlet.ConstructorArguments[0].Value!,
            (string)cmdlet.ConstructorArguments[1].Value!,
            Named<string>(cmdlet, "DefaultParameterSetName"),
            shouldProcess,
            parameters,
            outputs);
    }

    private static string Syntax(ParameterShape parameter, ParameterInSet how)
    {
        string name = how.Position is null ? $"-{parameter.Name}" : $"[-{parameter.Name}]";
        string text = parameter.IsSwitch ? name : $"{name} <{parameter.TypeName}>";
        return how.Mandatory ? text : $"[{text}]";
    }

    internal static IEnumerable<CustomAttributeData> All(MemberInfo member, string attribute) =>
        member.GetCustomAttributesData().Where(data => data.AttributeType.Name == attribute);

    internal static CustomAttributeData? Find(MemberInfo member, string attribute) => All(member, attribute).FirstOrDefault();

    internal static T? Named<T>(CustomAttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.MemberName == name).TypedValue.Value is T value ? value : default;
}
