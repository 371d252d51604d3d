using System.Management.Automation;
using HarvestTools.Manifests;
using HarvestTools.Strings;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Completes versions of slices; the tooltip shows when and why a slice was made.</summary>
public sealed class SliceVersionCompleter : Completer
{
    // Reading a manifest takes some ten microseconds to a millisecond; nobody reads the tooltips of more than this.
    private const int MostTips = 100;

    private protected override IEnumerable<CompletionResult> Complete(string word, Func<HarvestRepository> repository)
    {
        SliceStore slices = repository().Slices;
        string[] versions = [.. slices.Versions().Where(version => Begins(version, word))];
        return versions.Select((version, index) => Result(version, version, versions.Length - index <= MostTips ? Tip(slices, version) : version));
    }

    private static string Tip(SliceStore slices, string version)
    {
        try
        {
            SliceManifest slice = slices.Load(version);
            string? date = (slice.CreatedAt ?? slice.TrainedAt) is { } time ? Figures.Date(time.Instant) : null;
            return string.Join(": ", new[] { date, slice.Reason }.Where(static part => part is not null));
        }
        catch (HarvestException unreadable)
        {
            return unreadable.Message;
        }
    }
}
