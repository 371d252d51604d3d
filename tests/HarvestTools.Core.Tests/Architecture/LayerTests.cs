using System.Reflection;
using NetArchTest.Rules;

namespace HarvestTools.Tests.Architecture;

/// <summary>
/// Each folder of the engine uses only folders below it, in this order. One order for all folders leaves no room for a circle,
/// so what a change of one folder can reach is known by looking up the list.
/// </summary>
public sealed class LayerTests
{
    /// <summary>The engine's folders from the ground up, by the namespaces that they hold.</summary>
    private static readonly string[] s_layers =
    [
        "Errors",
        "Strings",
        "Work",
        "Files",
        "Json",
        "Parameters",
        "Parquet.Writing",
        "Parquet.Reading",
        // Names of members: what says what a file is knows some of them before any task is read.
        "LabelStudio",
        // What a project's settings say of its tags, known without a task.
        "LabelStudio.Configs",
        "LabelStudio.Reading",
        "LabelStudio.Tasks",
        // Geometry knows regions and numbers, no rule and no row: differences of labels measure with it too.
        "Derivation.Geometry",
        "LabelStudio.Labels",
        "Rules",
        "Tables",
        "Tables.Log",
        "Derivation.Tallies",
        "Derivation.Fields",
        "Derivation.Filters",
        "Derivation.Matching",
        "Derivation.Rows",
        "Derivation",
        "Manifests",
        "Packs",
        "Archive",
        "Remotes",
        "Cache",
        "Programs",
        "Dvc",
        "Media",
        "History",
        "Lineage",
        "Erasure",
        "Mlflow",
        "Drift",
        "Decisions.Statistics",
        "Decisions.States",
        "Decisions.Text",
        "Decisions.Gates",
        "Decisions",
        "Reports",
        "Repositories",
        "Space",
        "Workflows",
    ];

    private static readonly Assembly s_engine = typeof(HarvestException).Assembly;

    public static TheoryData<string> Layers => [.. s_layers];

    /// <summary>The same as paths below the engine's folder.</summary>
    internal static IEnumerable<string> Folders => s_layers.Select(static layer => layer.Replace('.', '/'));

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_folder_uses_only_what_is_below_it(string layer)
    {
        // A parent's name is the beginning of its children's, so what is forbidden is named type by type.
        string[] above = [.. s_layers.SkipWhile(other => other != layer).Skip(1).SelectMany(TypesOf)];
        Assert.NotEmpty(TypesOf(layer));
        if (above.Length == 0)
        {
            return;
        }

        NetArchTest.Rules.TestResult result = Types.InAssembly(s_engine)
            .That().ResideInNamespaceMatching($"^{NamespaceOf(layer).Replace(".", "\\.", StringComparison.Ordinal)}$")
            .ShouldNot().HaveDependencyOnAny(above)
            .GetResult();

        Assert.True(
            result.IsSuccessful,
            $"{layer} uses what is above it: {string.Join(", ", result.FailingTypes?.Select(static type => $"{type.FullName} ({type.Explanation})") ?? [])}");
    }

    /// <summary>A using that only a comment needs is not in the assembly, but it points upward all the same.</summary>
    [Theory]
    [MemberData(nameof(Layers))]
    public void No_using_names_what_is_above(string layer)
    {
        string folder = $"src/HarvestTools.Core/{layer.Replace('.', '/')}";
        string[] above = [.. s_layers.SkipWhile(other => other != layer).Skip(1).Select(NamespaceOf)];
        string[] upward =
        [
            .. from file in Checkout.Files(folder, ".cs")
               where !Checkout.RelativeTo(folder, file).Contains('/', StringComparison.Ordinal)
               from line in File.ReadLines(file)
               where line.StartsWith("using ", StringComparison.Ordinal)
               let named = line.TrimEnd(';').Split(' ')[^1]
               where above.Contains(LayerOf(named), StringComparer.Ordinal)
               select $"{Path.GetFileName(file)}: {line}",
        ];

        Assert.Empty(upward);
    }

    [Fact]
    public void Every_type_is_in_a_folder_of_the_list()
    {
        string[] known = [.. s_layers.Select(NamespaceOf)];
        string[] unlisted =
        [
            .. s_engine.GetTypes()
                .Where(static type => type.Namespace?.StartsWith("HarvestTools", StringComparison.Ordinal) == true)
                .Where(type => !known.Contains(type.Namespace, StringComparer.Ordinal))
                .Select(static type => type.FullName!),
        ];

        Assert.Empty(unlisted);
    }

    [Fact]
    public void A_namespace_is_its_folder()
    {
        string root = Path.Combine(Checkout.Root, "src", "HarvestTools.Core");
        string[] wrong =
        [
            .. Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
                .Where(file => !IsGenerated(Path.GetRelativePath(root, file)))
                .Where(file => !File.ReadLines(file).Contains(
                    $"namespace {NamespaceOf(Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.'))};"))
                .Select(file => Path.GetRelativePath(root, file)),
        ];

        Assert.Empty(wrong);
    }

    private static bool IsGenerated(string file) => file.StartsWith("obj", StringComparison.Ordinal) || file.StartsWith("bin", StringComparison.Ordinal);

    /// <summary>The layer that a namespace is, or that a type's full name is in.</summary>
    private static string? LayerOf(string name) => s_layers
        .Select(NamespaceOf)
        .Where(layer => name == layer || name.StartsWith($"{layer}.", StringComparison.Ordinal))
        .MaxBy(static layer => layer.Length);

    private static string NamespaceOf(string layer) => $"HarvestTools.{layer}";

    private static IEnumerable<string> TypesOf(string layer) =>
        s_engine.GetTypes().Where(type => type.Namespace == NamespaceOf(layer) && !type.IsNested).Select(static type => type.FullName!);
}
