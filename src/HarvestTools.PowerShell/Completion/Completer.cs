using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using HarvestRepository = HarvestTools.Workflows.Repository;

namespace HarvestTools.PowerShell;

/// <summary>
/// A completer that looks into the repository of the command line, or of the session's location. It never shows an
/// error: where nothing can be found, there is nothing to complete.
/// </summary>
public abstract class Completer : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = (wordToComplete ?? string.Empty).Trim('\'', '"');
        try
        {
            return [.. Complete(word, () => FindRepository(fakeBoundParameters))];
        }
        catch (Exception fault) when (fault is HarvestException or RuntimeException)
        {
            return [];
        }
    }

    private protected abstract IEnumerable<CompletionResult> Complete(string word, Func<HarvestRepository> repository);

    private protected static bool Begins(string text, string word) => text.StartsWith(word, StringComparison.OrdinalIgnoreCase);

    private protected static CompletionResult Result(string text, string shown, string tip) =>
        new(text, shown, CompletionResultType.ParameterValue, string.IsNullOrWhiteSpace(tip) ? shown : tip);

    private static HarvestRepository FindRepository(IDictionary bound)
    {
        // Completers run in the session, so its own commands answer where it stands and what a path means there.
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddCommand("Get-Location");
        string location = shell.Invoke<PathInfo>()[0].ProviderPath;
        string? named = bound is not null && bound.Contains("Repository") ? bound["Repository"]?.ToString() : null;
        return HarvestRepository.Find(named is null ? location : Path.GetFullPath(named, location));
    }
}
