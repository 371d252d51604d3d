using System.Buffers;
using System.Globalization;
using System.Management.Automation;
using System.Text;

namespace HarvestTools.PowerShell;

/// <summary>Remedies as cmdlets, for the module's views and for scripts.</summary>
public static class CmdletSpelling
{
    // Of another type than this one: PowerShell lists the public types, with what they implement, before the engine can be found.
    /// <summary>The one spelling; it has no state.</summary>
    public static ICommandSpelling Instance { get; } = new QuotedCmdlets();
}

/// <summary>Remedies as cmdlets, quoted for PowerShell.</summary>
internal sealed class QuotedCmdlets : ICommandSpelling
{
    private static readonly SearchValues<char> s_plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:");

    // Variables, escapes, and every character that ends a double-quoted text: PowerShell takes typographic quotes for plain ones.
    private static readonly SearchValues<char> s_expanded = SearchValues.Create("$`\"\u201C\u201D\u201E");

    /// <inheritdoc/>
    public string Spell(RemedyAction action) => action switch
    {
        RemedyAction.InitializeRepository => "Initialize-HarvestRepository",
        RemedyAction.ChooseRepository => "-Repository DIR",
        RemedyAction.HashExport hash => $"Get-ExportHash{File(hash.Path)}",
        RemedyAction.AddExport add => $"Add-Export{File(add.Path)}{Parameter("-Project", add.Project)}{Parameter("-LabelConfig", add.LabelConfig)}{(add.Newest ? " -Newest" : "")}",
        RemedyAction.RestoreExport restore => $"Restore-Export {Quote(restore.Export)}{Parameter("-Destination", restore.To)}{(restore.Force ? " -Force" : "")}",
        RemedyAction.RemoveSlice remove => $"Remove-Slice {Quote(remove.Version)}",
        RemedyAction.ListExports => "Get-Export",
        RemedyAction.RepairArchive => "Test-ExportArchive -Repair",
        RemedyAction.NewSlice make => $"New-Slice {Quote(make.Version ?? "VERSION")}{Parameter("-Definition", make.Definition)}{Parameter("-Parent", make.Parent)}{Parameter("-Export", make.Project)}{Parameters("-Export", make.Exports ?? [])}{Parameter("-Prefer", make.Prefer)}{(make.AllowShrink ? " -AllowShrink" : "")}{(make.AllowLeak ? " -AllowLeak" : "")}{(make.Media ? " -IncludeMedia" : "")}",
        RemedyAction.RenameProject rename => $"Rename-HarvestProject {Quote(rename.Project)} {Quote(rename.NewName)}",
        RemedyAction.RetireProject retire => $"Set-HarvestProject {Quote(retire.Project)} -Retired",
        RemedyAction.UnretireProject back => $"Set-HarvestProject {Quote(back.Project)} -Retired:$false",
        RemedyAction.AddProjectId add => string.Create(CultureInfo.InvariantCulture, $"Set-HarvestProject {Quote(add.Project)} -AddLabelStudioId {add.Id}"),
        RemedyAction.RemoveProjectId remove => string.Create(CultureInfo.InvariantCulture, $"Set-HarvestProject {Quote(remove.Project)} -RemoveLabelStudioId {remove.Id}"),
        RemedyAction.ListSlices => "Get-Slice",
        RemedyAction.TraceRows rows => $"Get-SliceSource {Quote(rows.Version)} -Row",
        RemedyAction.BuildSlice build => $"Build-Slice {Quote(build.Version)}",
        RemedyAction.CheckSlice check => $"Test-SliceDrift {Quote(check.Version)}{(check.Twice ? " -Twice" : "")}",
        RemedyAction.TrustProgram trust => $"Approve-HarvestProgram{(trust.Version is null ? "" : $" {Quote(trust.Version)}")}{Parameter("-Definition", trust.Definition)}",
        RemedyAction.ListTrusted => "Get-HarvestProgram",
        RemedyAction.PushSlices push => $"Send-Slice{(push.Version is null ? "" : $" {Quote(push.Version)}")}{(push.Deep ? " -Deep" : "")}{(push.Media ? " -IncludeMedia" : "")}{(push.Tables ? " -IncludeTable" : "")}",
        RemedyAction.CollectRemote gc => $"Remove-UnreachableObject -Remote {Quote(gc.Remote ?? RemedyAction.AnyName)}{Parameter("-Forget", gc.Forget)}{(gc.Exclusive ? " -Exclusive" : "")}",
        RemedyAction.PullSlices pull => $"Receive-Slice{(pull.Version is null ? "" : $" {Quote(pull.Version)}")}{(pull.Media ? " -IncludeMedia" : "")}",
        RemedyAction.ShowHistory => "Get-SliceHistory",
        RemedyAction.RegisterModel register => $"Register-SliceModel {Quote(register.Version ?? "VERSION")} {RemedyAction.AnyName}{Parameter("-Path", register.Path)}"
            + (register.Metric is null ? string.Empty : $" -Metric @{{ {Text(register.Metric)} = 0.91 }}"),
        RemedyAction.ReplaceModel replace => $"Register-SliceModel {Quote(replace.Version)} {Quote(replace.Name)}{Parameter("-Path", replace.Path)}{Metrics(replace.Metrics)} -Force",
        RemedyAction.PromoteModel promote => $"Set-ProductionModel {Quote(promote.Name ?? RemedyAction.AnyName)}{Parameter("-Version", promote.Version)} -Reason TEXT",
        RemedyAction.EraseWork erase => Erase(erase),
        RemedyAction.PinEvalSet pin => $"Lock-EvalSet {Quote(pin.Path ?? "PATH")}",
        RemedyAction.ShowRetrainState => "Get-RetrainState",
        RemedyAction.RestoreFromGit { Revision: { } revision } restore => $"git checkout {Quote(revision)} -- {Quote(restore.Path)}",
        RemedyAction.RestoreFromGit restore => $"git checkout -- {Quote(restore.Path)}",
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "An action without a spelling."),
    };

    private static string Erase(RemedyAction.EraseWork erase)
    {
        string cmdlet = erase.Step switch
        {
            ErasureStep.Plan => "New-ErasurePlan",
            ErasureStep.Remove => "Remove-ErasedExport",
            _ => "Test-Erasure",
        };
        string annotator = erase.Annotator is { } id ? string.Create(CultureInfo.InvariantCulture, $" -Annotator {id}") : "";
        string emails = erase.Emails.Count == 0 ? "" : $" -Email {string.Join(", ", erase.Emails.Select(Quote))}";
        return $"{cmdlet}{annotator}{emails}{Parameter("-Episode", erase.Episode)}{Parameter("-Project", erase.Project)}";
    }

    // A name with wildcard characters would mean the files that it matches.
    private static string File(string? path) => path is null ? " FILE"
        : WildcardPattern.ContainsWildcardCharacters(path) ? $" -LiteralPath {Quote(path)}"
        : $" {Quote(path)}";

    private static string Metrics(IReadOnlyDictionary<string, double> metrics) => metrics.Count == 0
        ? string.Empty
        : $" -Metric @{{ {string.Join("; ", metrics.Select(static metric => string.Create(CultureInfo.InvariantCulture, $"{Text(metric.Key)} = {metric.Value}")))} }}";

    private static string Parameters(string name, IReadOnlyList<string> values) => values.Count == 0 ? string.Empty : $" {name} {string.Join(", ", values.Select(Quote))}";

    private static string Parameter(string name, string? value) => value is null ? string.Empty : $" {name} {Quote(value)}";

    /// <summary>One argument: bare where no character of it has a meaning in PowerShell, else in quotes.</summary>
    internal static string Quote(string argument) =>
        argument is [(>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or '/' or '.', ..] && argument.AsSpan().IndexOfAnyExcept(s_plain) < 0
            ? argument
            : Text(argument);

    /// <summary>A text in quotes; double ones read better inside a sentence, which itself sets commands off with single ones.</summary>
    private static string Text(string value)
    {
        if (value.AsSpan().IndexOfAny(s_expanded) < 0)
        {
            return $"\"{value}\"";
        }

        // Typographic single quotes too end the text unless they are doubled.
        var text = new StringBuilder("'");
        foreach (char c in value)
        {
            text.Append(c is '\'' or '\u2018' or '\u2019' or '\u201A' or '\u201B' ? $"{c}{c}" : c.ToString());
        }

        return text.Append('\'').ToString();
    }
}
