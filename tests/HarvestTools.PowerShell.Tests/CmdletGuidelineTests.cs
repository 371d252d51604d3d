using System.Reflection;
using System.Text.RegularExpressions;
using HarvestTools.Archive;

namespace HarvestTools.Tests;

/// <summary>The guidelines that cmdlets are written by, as far as the metadata and the source show them.</summary>
public sealed partial class CmdletGuidelineTests
{
    // Names and short names that PowerShell gives to every cmdlet.
    private static readonly HashSet<string> s_reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "Verbose", "vb", "Debug", "db", "ErrorAction", "ea", "WarningAction", "wa", "InformationAction", "infa", "ProgressAction", "proga",
        "ErrorVariable", "ev", "WarningVariable", "wv", "InformationVariable", "iv", "OutVariable", "ov", "OutBuffer", "ob",
        "PipelineVariable", "pv", "WhatIf", "wi", "Confirm", "cf", "UseTransaction", "usetx", "SelectProperty", "SelectObject",
    };

    // Plurals that are words of their own here, or the names of properties that come by pipeline.
    private static readonly HashSet<string> s_plurals = new(StringComparer.Ordinal)
    {
        "Labels", "NoLabels", "CorrectedEpisodes", "TaskSubdirCounts", "Corpus", "Progress",
    };

    // What stands on its own: a repository is all that these look at.
    private static readonly HashSet<string> s_withoutInput = new(StringComparer.Ordinal)
    {
        "Get-SliceHistory", "Get-ProductionModel", "Get-RetrainState", "Test-ExportArchive", "Export-SliceReport", "Measure-ExportArchive", "Remove-UnreachableObject",
        // One name is given to one project: it takes a project by its property, and a second one would clash with the first.
        "Rename-HarvestProject",
        // One model is in production: it takes that model by its properties, and a second one would take its place at once.
        "Set-ProductionModel",
    };

    public static TheoryData<Type> Cmdlets => [.. CmdletContract.Cmdlets];

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void What_must_be_given_says_what_it_is_when_it_is_asked_for(Type cmdlet) => Assert.All(
        from parameter in CmdletContract.Parameters(cmdlet)
        from attribute in CmdletContract.Attributes(parameter, "ParameterAttribute")
        where CmdletContract.Named<bool>(attribute, "Mandatory")
        select (parameter.Name, Message: CmdletContract.Named<string>(attribute, "HelpMessage")),
        static given => Assert.True(given.Message is { Length: > 10 } && given.Message.EndsWith('.'), given.Name));

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Where_there_are_several_sets_one_is_the_default(Type cmdlet)
    {
        string[] sets = [.. CmdletContract.Parameters(cmdlet).SelectMany(CmdletContract.SetsOf).Where(static set => set != CmdletContract.AllSets).Distinct()];
        Assert.Equal(sets.Length > 0, CmdletContract.Named<string>(CmdletContract.Attribute(cmdlet, "CmdletAttribute")!, "DefaultParameterSetName") is not null);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Parameters_are_singular_and_take_no_name_of_PowerShells_own(Type cmdlet) => Assert.All(CmdletContract.Parameters(cmdlet), static parameter =>
    {
        IEnumerable<string> aliases = CmdletContract.Attribute(parameter, "AliasAttribute") is { } alias
            ? ((IEnumerable<CustomAttributeTypedArgument>)alias.ConstructorArguments[0].Value!).Select(static name => (string)name.Value!)
            : [];
        Assert.Empty(aliases.Append(parameter.Name).Intersect(s_reserved));
        Assert.True(!parameter.Name.EndsWith('s') || s_plurals.Contains(parameter.Name), parameter.Name);
    });

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Every_cmdlet_takes_its_input_by_pipeline(Type cmdlet) => Assert.NotEqual(
        s_withoutInput.Contains(CmdletContract.NameOf(cmdlet)),
        CmdletContract.Parameters(cmdlet).Any(static parameter => CmdletContract.Attributes(parameter, "ParameterAttribute").Any(static data => CmdletContract.Named<bool>(data, "ValueFromPipeline"))));

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void What_takes_a_version_takes_it_from_the_pipeline_by_value_and_by_name(Type cmdlet)
    {
        IEnumerable<CustomAttributeData> taking =
            from parameter in CmdletContract.Parameters(cmdlet)
            where parameter.Name == "Version" && CmdletContract.NameOf(cmdlet) is not ("New-Slice" or "Set-ProductionModel")
            from attribute in CmdletContract.Attributes(parameter, "ParameterAttribute")
            select attribute;
        Assert.All(taking, static attribute =>
        {
            Assert.True(CmdletContract.Named<bool>(attribute, "ValueFromPipeline"));
            Assert.True(CmdletContract.Named<bool>(attribute, "ValueFromPipelineByPropertyName"));
        });
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void What_comes_by_pipeline_can_be_several(Type cmdlet) => Assert.All(
        from parameter in CmdletContract.Parameters(cmdlet)
        where parameter.PropertyType == typeof(string) && CmdletContract.Attributes(parameter, "ParameterAttribute").Any(static data => CmdletContract.Named<bool>(data, "ValueFromPipeline"))
        select parameter.Name,
        static name => Assert.Fail($"-{name} takes one text"));

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Texts_and_collections_are_not_empty(Type cmdlet) => Assert.All(
        CmdletContract.Parameters(cmdlet).Where(static parameter => parameter.PropertyType == typeof(string) || parameter.PropertyType == typeof(string[])),
        static parameter => Assert.True(
            CmdletContract.Attribute(parameter, "ValidateNotNullOrEmptyAttribute") is not null || CmdletContract.Attribute(parameter, "ValidateSetAttribute") is not null,
            $"-{parameter.Name} may be empty"));

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void What_names_something_of_the_repository_is_completed(Type cmdlet)
    {
        string[] named = ["Version", "Project", "Parent", "Reference", "Difference", "Good", "Bad", "Metric", "Model", "Export", "Prefer", "FilterOverride"];
        Assert.All(
            CmdletContract.Parameters(cmdlet).Where(parameter => named.Contains(parameter.Name) && (CmdletContract.NameOf(cmdlet), parameter.Name) is not (("New-Slice", "Version") or ("Register-SliceModel", "Metric"))),
            static parameter => Assert.True(CmdletContract.Attribute(parameter, "ArgumentCompleterAttribute") is not null, $"-{parameter.Name} is not completed"));
    }

    [Fact]
    public void Tables_are_named_as_a_slice_has_them()
    {
        PropertyInfo[] taking = [.. CmdletContract.Cmdlets.SelectMany(CmdletContract.Parameters).Where(static parameter => parameter.Name == "Table")];
        Assert.NotEmpty(taking);
        Assert.All(taking, static parameter =>
        {
            Assert.Equal("TableNameCompleter", ((Type)CmdletContract.Attribute(parameter, "ArgumentCompleterAttribute")!.ConstructorArguments[0].Value!).Name);
        });
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Items_are_processed_as_they_come(Type cmdlet)
    {
        bool overrides = false;
        for (Type type = cmdlet; type.Name != "PSCmdlet"; type = type.BaseType!)
        {
            overrides |= type.GetMethod("ProcessRecord", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly) is not null;
        }

        Assert.True(overrides);
    }

    [Fact]
    public void No_cmdlet_speaks_past_PowerShell() => Assert.All(
        Directory.GetFiles(Path.Combine(CmdletContract.Root, "src", "HarvestTools.PowerShell"), "*.cs", SearchOption.AllDirectories)
            .Where(static file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)),
        static file => Assert.DoesNotMatch(SpeaksPast(), File.ReadAllText(file)));

    // A current directory of the process is not where the session stands.
    [GeneratedRegex(@"\bConsole\.|Environment\.CurrentDirectory|Environment\.Exit|Directory\.GetCurrentDirectory")]
    private static partial Regex SpeaksPast();
}
