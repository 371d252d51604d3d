using System.Globalization;

namespace HarvestTools.Remotes;

/// <summary>Sentences about remotes that both front ends print.</summary>
internal static class RemoteText
{
    public static string Waiting(string remote, string trouble, TimeSpan pause, int attempt, int attempts) => string.Create(
        CultureInfo.InvariantCulture,
        $"{remote}: {trouble}. Waiting {pause.TotalSeconds:0} s, then attempt {attempt} of {attempts}.");

    public static string WaitingForSweep(string remote, string by) =>
        $"{remote}: {by} is removing what nothing needed there, and some of that is needed now. Waiting for its end.";

    public static string NotAllDeclared(string remote, string why) =>
        $"{remote}: not all that this repository needs there is known, and nothing is removed there until a push knows it. {why}";

    /// <summary>A time as people say it: <c>45 s</c>, <c>3 min</c>, <c>2 h 5 min</c>.</summary>
    public static string Duration(TimeSpan time) => time.TotalSeconds switch
    {
        < 90 => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, time.TotalSeconds):0} s"),
        < 5400 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min"),
    };
}
