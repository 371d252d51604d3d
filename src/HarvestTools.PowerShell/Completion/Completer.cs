using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using HarvestTools.Manifests;
using HarvestTools.Strings;
using HarvestRepository = HarvestTools.Repositories.Repository;

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
            // A name that a terminal cannot show as it is, nobody can choose from a menu; its hash or a pattern names it.
            return [.. Complete(word, () => FindRepository(fakeBoundParameters)).Where(static result => PlainText.IsPlain(result.CompletionText))];
        }
        catch (Exception fault) when (fault is HarvestException or RuntimeException)
        {
            return [];
        }
    }

    private protected abstract IEnumerable<CompletionResult> Complete(string word, Func<HarvestRepository> repository);

    private protected static bool Begins(string text, string word) => text.StartsWith(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>A text as an argument: in quotes where PowerShell would read it as something else.</summary>
    private protected static string Quoted(string text) =>
        text.Length > 0 && text.All(static c => char.IsLetterOrDigit(c) || c is '_' or '.' or '-' or '/' or ':') && text[0] is not '-'
            && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? text
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";

    /// <summary>
    /// The newest slices whose manifests hold one of the texts; others are not parsed, and nobody waits long for a completion.
    /// </summary>
    private protected static IEnumerable<SliceManifest> NewestWith(HarvestRepository repository, params byte[][] texts)
    {
        const int Most = 100;
        const int Patience = 300;
        var clock = Stopwatch.StartNew();
        int found = 0;
        foreach (string version in repository.Slices.Versions().Reverse())
        {
            if (found == Most || clock.ElapsedMilliseconds > Patience)
            {
                yield break;
            }

            if (TryLoad(repository.Slices.PathOf(version), texts) is { } slice)
            {
                found++;
                yield return slice;
            }
        }
    }

    private static SliceManifest? TryLoad(string path, byte[][] texts)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            return texts.Any(text => bytes.AsSpan().IndexOf(text) >= 0) ? SliceManifest.Parse(bytes, path) : null;
        }
        catch (Exception unreadable) when (unreadable is HarvestException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private protected static CompletionResult Result(string text, string shown, string tip) =>
        new(text, PlainText.Of(shown), CompletionResultType.ParameterValue, PlainText.Of(string.IsNullOrWhiteSpace(tip) ? shown : tip));

    private static HarvestRepository FindRepository(IDictionary bound)
    {
        // Completers run in the session, so its own commands answer what its location is and what a path means there.
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddCommand("Get-Location");
        string location = shell.Invoke<PathInfo>()[0].ProviderPath;
        string? named = bound is not null && bound.Contains("Repository") ? bound["Repository"]?.ToString() : null;
        return HarvestRepository.Find(named is null ? location : Path.GetFullPath(named, location));
    }
}
