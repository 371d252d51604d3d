using System.Collections;
using System.Reflection;
using HarvestTools.Derivation;
using HarvestTools.LabelStudio;
using HarvestTools.LabelStudio.Configs;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;
using Mono.Cecil;
using NetArchTest.Rules;

namespace HarvestTools.Tests.Architecture;

/// <summary>
/// Rows depend on nothing that the label hash is blind to, because the code that makes rows is handed nothing else. These
/// tests hold the types to that; <see cref="LabelStudio.LabelBlindnessTests"/> holds the behaviour to it.
/// </summary>
public sealed class LabelStructureTests
{
    /// <summary>What of Label Studio's JSON the derivation of rows may know: labels, and a place for messages.</summary>
    private static readonly HashSet<Type> s_labels =
    [
        typeof(LabelTask), typeof(Annotation), typeof(Region), typeof(RegionItem), typeof(RegionKind), typeof(FrameRange), typeof(KeyFrame),
        typeof(RegionMember), typeof(Members), typeof(TaskPlace),

        // No part of an export: slices record it beside the labels, and rows are the same under the same one.
        typeof(LabelConfig), typeof(LabelConfigSource), typeof(LabelConfigStep), typeof(LabelKnowledge),
    ];

    private static readonly string[] s_rowFolders =
        ["Derivation.Geometry", "Derivation.Tallies", "Derivation.Fields", "Derivation.Filters", "Derivation.Matching", "Derivation.Rows"];

    private static readonly Assembly s_engine = typeof(HarvestException).Assembly;

    public static TheoryData<string> RowFolders => [.. s_rowFolders];

    [Theory]
    [MemberData(nameof(RowFolders))]
    public void What_makes_rows_knows_labels_and_nothing_else_of_an_export(string folder)
    {
        Assert.Contains(s_engine.GetTypes(), type => type.Namespace == $"HarvestTools.{folder}");

        NetArchTest.Rules.TestResult result = KnowsMore($"HarvestTools.{folder}");

        Assert.True(
            result.IsSuccessful,
            $"{folder}: {string.Join(", ", result.FailingTypes?.Select(static type => $"{type.FullName} ({type.Explanation})") ?? [])}");
    }

    /// <summary>The one folder that brings both together is found out, so the test above could fail.</summary>
    [Fact]
    public void What_counts_predictions_knows_more() =>
        Assert.Equal(
            [nameof(AnnotationUses), nameof(Provenance), nameof(TaskDeriver)],
            KnowsMore(typeof(TaskDeriver).Namespace!).FailingTypes.Select(static type => type.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Labels_lead_to_nothing_but_labels()
    {
        HashSet<Type> reached = [];
        Reach(typeof(LabelTask), reached);

        // Where members are in the tokens is the reader's own, member by member or for all regions of a shape.
        Assert.Equal(
            new[] { typeof(LabelTask), typeof(Annotation), typeof(Region), typeof(RegionItem), typeof(RegionPlaces), typeof(MemberPlan), typeof(MemberSlot), typeof(RegionKind), typeof(FrameRange), typeof(KeyFrame), typeof(Utf8Text) }
                .Select(static type => type.Name).Order(StringComparer.Ordinal),
            reached.Select(static type => type.Name).Order(StringComparer.Ordinal));
    }

    /// <summary>Line and number of a task change with another spelling of the file: they may reach messages alone.</summary>
    [Fact]
    public void Only_messages_ask_where_a_task_is()
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(s_engine.Location);
        string place = typeof(TaskPlace).FullName!;
        string[] asking =
        [
            .. module.GetTypes()
                .Where(type => type.FullName != place)
                .SelectMany(static type => type.Methods)
                .Where(static method => method.HasBody)
                .Where(method => method.Body.Instructions.Any(instruction =>
                    instruction.Operand is MethodReference called && called.DeclaringType.FullName == place && called.Name.StartsWith("get_", StringComparison.Ordinal)))
                .Select(static method => method.DeclaringType.Name)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

        Assert.Equal(["RowErrors", "Tally"], asking);
    }

    /// <summary>A name that is spelled in two files can come to mean two things.</summary>
    [Fact]
    public void The_members_of_a_task_are_named_in_one_file()
    {
        string[] names =
        [
            "annotations", "completions", "drafts", "predictions", "result", "completed_by", "was_cancelled", "skipped", "ground_truth",
            "honeypot", "parent_prediction", "model_version", "parentID", "from_name", "to_name", "item_index", "origin",
            "original_width", "original_height", "value", "meta", "sequence", "ranges", "rotation", "enabled",
        ];
        string root = Path.Combine(Checkout.Root, "src", "HarvestTools.Core");
        string[] elsewhere =
        [
            .. new[] { "LabelStudio", "Json", "Derivation", "Workflows" }
                .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories))
                // The tally's own JSON has words of its own, some of which are the same; and what is loaded early is an export.
                .Where(static file => Path.GetFileName(file) is not ("Members.cs" or "EarlyLoading.cs" or "TallyJson.cs" or "TallyReader.cs" or "TallyReader.Models.cs"))
                .SelectMany(static file => File.ReadLines(file).Select(line => (File: Path.GetFileName(file), Line: line.Trim())))
                .Where(static line => !line.Line.StartsWith("//", StringComparison.Ordinal))
                .Where(line => names.Any(name => line.Line.Contains($"\"{name}\"", StringComparison.Ordinal) || line.Line.Contains($"\\\"{name}\\\":", StringComparison.Ordinal)))
                // The label text is a format of its own; its first key is named after Label Studio's.
                .Where(static line => line is not { File: "LabelTextWriter.cs" })
                .Select(static line => $"{line.File}: {line.Line}"),
        ];

        Assert.Empty(elsewhere);
    }

    private static NetArchTest.Rules.TestResult KnowsMore(string space)
    {
        string[] more =
        [
            .. s_engine.GetTypes()
                .Where(static type => type.Namespace?.StartsWith("HarvestTools.LabelStudio", StringComparison.Ordinal) == true)
                .Where(static type => !type.IsNested && !s_labels.Contains(type))
                .Select(static type => type.FullName!),
        ];
        Assert.Contains(typeof(TaskExtras).FullName, more);
        Assert.Contains(typeof(ExportTask).FullName, more);
        return Types.InAssembly(s_engine)
            .That().ResideInNamespaceMatching($"^{space.Replace(".", "\\.", StringComparison.Ordinal)}$")
            .ShouldNot().HaveDependencyOnAny(more)
            .GetResult();
    }

    /// <summary>Collects the types that an object of a type holds, however deep, but for numbers, lists and the like.</summary>
    private static void Reach(Type type, HashSet<Type> reached)
    {
        if (type.IsArray)
        {
            Reach(type.GetElementType()!, reached);
        }
        else if (type.IsGenericType && (typeof(IEnumerable).IsAssignableFrom(type) || type.Name.StartsWith("Pool", StringComparison.Ordinal) || Nullable.GetUnderlyingType(type) is not null))
        {
            Assert.All(type.GetGenericArguments(), argument => Reach(argument, reached));
        }
        else if (!type.IsPrimitive && reached.Add(type) && !type.IsEnum)
        {
            if (type.BaseType is { } inherited && inherited != typeof(object) && inherited != typeof(ValueType))
            {
                Reach(inherited, reached);
            }

            Assert.All(
                type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic),
                field => Reach(field.FieldType, reached));
        }
    }
}
