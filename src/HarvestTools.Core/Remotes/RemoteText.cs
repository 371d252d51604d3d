using System.Globalization;

namespace HarvestTools.Remotes;

/// <summary>Sentences about remotes that both front ends print.</summary>
internal static class RemoteText
{
    public static string Waiting(string remote, string trouble, TimeSpan pause, int attempt, int attempts) => string.Create(
        CultureInfo.InvariantCulture,
        $"{remote}: {trouble}. Waiting {pause.TotalSeconds:0} s, then attempt {attempt} of {attempts}.");
}
