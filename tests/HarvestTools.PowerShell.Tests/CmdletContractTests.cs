using System.Reflection;
using HarvestTools.PowerShell;
using HarvestTools.Rules;

namespace HarvestTools.Tests;

/// <summary>What PowerShell's guidelines ask of cmdlets, held against the metadata; runs where no PowerShell is.</summary>
public sealed class CmdletContractTests
{
    // Get-Verb of PowerShell 7.6.
    private static readonly HashSet<string> s_approvedVerbs = new(StringComparer.Ordinal)
    {
        "Add", "Clear", "Close", "Copy", "Enter", "Exit", "Find", "Format", "Get", "Hide", "Join", "Lock", "Move", "New", "Open",
        "Optimize", "Pop", "Push", "Redo", "Remove", "Rename", "Reset", "Resize", "Search", "Select", "Set", "Show", "Skip", "Split",
        "Step", "Switch", "Undo", "Unlock", "Watch", "Backup", "Checkpoint", "Compare", "Compress", "Convert", "ConvertFrom",
        "ConvertTo", "Dismount", "Edit", "Expand", "Export", "Group", "Import", "Initialize", "Limit", "Merge", "Mount", "Out",
        "Publish", "Restore", "Save", "Sync", "Unpublish", "Update", "Debug", "Measure", "Ping", "Repair", "Resolve", "Test", "Trace",
        "Connect", "Disconnect", "Read", "Receive", "Send", "Write", "Block", "Grant", "Protect", "Revoke", "Unblock", "Unprotect",
        "Use", "Approve", "Assert", "Build", "Complete", "Confirm", "Deny", "Deploy", "Disable", "Enable", "Install", "Invoke",
        "Register", "Request", "Restart", "Resume", "Start", "Stop", "Submit", "Suspend", "Uninstall", "Unregister", "Wait",
    };

    // Verbs that only look. Whatever else a verb does, it changes something.
    private static readonly HashSet<string> s_lookingVerbs = new(StringComparer.Ordinal) { "Get", "Compare", "Test", "Measure", "Find", "Show" };

    // A check that can also repair, a decision that can be written down: these change something when asked to.
    private static readonly HashSet<string> s_changeIfAsked = new(StringComparer.Ordinal) { "Test-ExportArchive", "Get-RetrainDecision" };

    public static TheoryData<Type> Cmdlets => [.. CmdletContract.Cmdlets];

    [Fact]
    public void There_are_cmdlets() => Assert.True(CmdletContract.Cmdlets.Count >= 11);

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Verbs_are_approved_and_nouns_singular(Type cmdlet)
    {
        string[] name = CmdletContract.NameOf(cmdlet).Split('-');
        Assert.Contains(name[0], s_approvedVerbs);
        Assert.False(name[1].EndsWith('s') && !name[1].EndsWith("ss", StringComparison.Ordinal), $"{name[1]} is a plural");
        Assert.Equal(cmdlet.Name, $"{name[0]}{name[1]}Command");
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Every_cmdlet_says_what_it_emits(Type cmdlet) =>
        Assert.NotNull(CmdletContract.Attribute(cmdlet, "OutputTypeAttribute"));

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void What_changes_something_asks_first(Type cmdlet)
    {
        string name = CmdletContract.NameOf(cmdlet);
        bool changes = !s_lookingVerbs.Contains(name.Split('-')[0]) || s_changeIfAsked.Contains(name);
        Assert.Equal(changes, CmdletContract.Named<bool>(CmdletContract.Attribute(cmdlet, "CmdletAttribute")!, "SupportsShouldProcess"));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Every_cmdlet_takes_a_repository_also_from_the_pipeline(Type cmdlet)
    {
        PropertyInfo repository = CmdletContract.Parameters(cmdlet).Single(static parameter => parameter.Name == "Repository");
        Assert.Equal([CmdletContract.AllSets], CmdletContract.SetsOf(repository));
        Assert.True(CmdletContract.Named<bool>(CmdletContract.Attribute(repository, "ParameterAttribute")!, "ValueFromPipelineByPropertyName"));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Paths_with_wildcards_come_with_literal_ones(Type cmdlet)
    {
        Dictionary<string, PropertyInfo> parameters = CmdletContract.Parameters(cmdlet).ToDictionary(static p => p.Name);
        if (!parameters.TryGetValue("Path", out PropertyInfo? path) || CmdletContract.Attribute(path, "SupportsWildcardsAttribute") is null)
        {
            Assert.DoesNotContain("LiteralPath", parameters.Keys);
            return;
        }

        PropertyInfo literal = parameters["LiteralPath"];
        Assert.Empty(CmdletContract.SetsOf(path).Intersect(CmdletContract.SetsOf(literal)));
        Assert.Null(CmdletContract.Attribute(literal, "SupportsWildcardsAttribute"));
        var aliases = (IEnumerable<CustomAttributeTypedArgument>)CmdletContract.Attribute(literal, "AliasAttribute")!.ConstructorArguments[0].Value!;
        Assert.Contains("PSPath", aliases.Select(static alias => alias.Value));
        Assert.Equal("Path", CmdletContract.Named<string>(CmdletContract.Attribute(cmdlet, "CmdletAttribute")!, "DefaultParameterSetName"));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Parameters_are_named_as_PowerShell_names_them(Type cmdlet)
    {
        foreach (PropertyInfo parameter in CmdletContract.Parameters(cmdlet))
        {
            Assert.Matches("^[A-Z][A-Za-z0-9]+$", parameter.Name);

            // A Boolean parameter needs a value and reads oddly; three states are the exception.
            Assert.NotEqual(typeof(bool), parameter.PropertyType);
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void In_each_set_one_parameter_at_most_takes_the_pipelines_objects(Type cmdlet)
    {
        IEnumerable<string> taking =
            from parameter in CmdletContract.Parameters(cmdlet)
            from attribute in CmdletContract.Attributes(parameter, "ParameterAttribute")
            where CmdletContract.Named<bool>(attribute, "ValueFromPipeline")
            select CmdletContract.Named<string>(attribute, "ParameterSetName") ?? CmdletContract.AllSets;
        Assert.All(taking.GroupBy(static set => set), static set => Assert.Single(set));
    }

    [Fact]
    public void Completers_offer_the_rules_that_there_are() => Assert.Equal(
        HarvestRules.Default.ToJson().Select(static rule => rule.Key),
        typeof(FilterRules).GetProperties().Select(static property => property.Name));
}
