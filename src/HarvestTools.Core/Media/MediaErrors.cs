using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Media;

/// <summary>The errors of media; each factory's name is the error's id.</summary>
internal static class MediaErrors
{
    private const int MostNamed = 5;

    // A line for each is to be written; a repository has a few.
    private const int MostBeginnings = 20;

    /// <summary>Rows name media, and nothing says where they are.</summary>
    /// <param name="beginnings">How their links begin.</param>
    public static HarvestException NoMediaRoots(IReadOnlyList<string> beginnings) => new(
        nameof(NoMediaRoots), HarvestFault.InvalidData,
        $"The rows name media whose links begin with {Figures.List([.. beginnings.Select(static text => $"'{text}'")], most: MostBeginnings)}, and harvest.json does not say in which folders they are.",
        $"Write under \"media\" in harvest.json for each beginning a folder of the repository, as \"media\": {{ {string.Join(", ", beginnings.DefaultIfEmpty("/data/local-files/?d=").Take(MostBeginnings).Select(static text => $"\"{text}\": \"media\""))} }}; a folder elsewhere on this machine goes into {LocalSettings.FileName} in the same way.");

    /// <summary>Not one medium is there, so that a list of them would say nothing.</summary>
    /// <param name="links">The links.</param>
    /// <param name="problem">What is the matter with the first.</param>
    /// <param name="path">Where it was looked for; null where that is not known.</param>
    public static HarvestException NoMediaFound(IReadOnlyList<string> links, string problem, string? path) => new(
        nameof(NoMediaFound), HarvestFault.InvalidData,
        $"None of the {Figures.Count(links.Count, "medium", "media")} that the rows name is on this machine: {PlainText.OneLine(links[0])} {problem}{(path is null ? "" : $" ({path})")}. No slice was made.",
        $"Put them there, bring them with {new RemedyAction.PullSlices() { Media = true }}, or correct \"media\" in harvest.json or {LocalSettings.FileName}.",
        path ?? links[0]);

    /// <summary>Some are not there: the list says so.</summary>
    /// <param name="missing">The links, each with what is the matter, as <c>a.mp4 is not there</c>.</param>
    /// <param name="all">How many media the rows name.</param>
    public static HarvestException MediaMissing(IReadOnlyList<string> missing, int all) => new(
        nameof(MediaMissing), HarvestFault.NotFound,
        $"{Figures.Count(missing.Count)} of {Figures.Count(all, "medium", "media")} {(missing.Count == 1 ? "is" : "are")} not on this machine, and {(missing.Count == 1 ? "is" : "are")} listed as missing: {Named(missing)}.",
        $"Put them there, or set under \"media\" in harvest.json where links lead that no root takes, and make a slice again with {new RemedyAction.NewSlice() { Media = true }}, if they should be part of the data set.",
        missing[0]);

    /// <summary>Media were to be listed without rows that name them.</summary>
    public static HarvestException MediaNeedRows() => new(
        nameof(MediaNeedRows), HarvestFault.Usage,
        "Media are those that the rows name, and a slice that is not built has no rows.",
        "Leave out either the option for media or the one against building.");

    /// <summary>An archived list that is none.</summary>
    public static HarvestException MediaListForeign(string name, Exception? cause) => new(
        nameof(MediaListForeign), HarvestFault.InvalidData,
        $"{name} is no list of media that this release reads.",
        "Take the release that wrote the slice, or restore slice.json from git.", name, cause);

    /// <summary>The list that a slice names is nowhere.</summary>
    public static HarvestException MediaListMissing(string version, string sha256) => new(
        nameof(MediaListMissing), HarvestFault.NotFound,
        $"The list of the media of slice {version} ({Figures.ShortHash(sha256)}) is neither in the archive nor in the remote.",
        $"Run {new RemedyAction.PushSlices(version)} on a machine that has it.", sha256);

    /// <summary>A slice was made without looking at media.</summary>
    public static HarvestException MediaNotListed(string version) => new(
        nameof(MediaNotListed), HarvestFault.Usage,
        $"Slice {version} was made without a list of its media.",
        $"Make its successor with {new RemedyAction.NewSlice(Parent: version) { Media = true }}, or leave the slice out.", version);

    /// <summary>No medium of a slice is of an episode.</summary>
    public static HarvestException EpisodeWithoutMedia(string episode, IReadOnlyList<string> versions) => new(
        nameof(EpisodeWithoutMedia), HarvestFault.NotFound,
        $"No medium of {Figures.List(versions, most: MostNamed)} is of the episode {PlainText.OneLine(episode)}.",
        "Write the episode as the column has it, with or without its folder and a '/'.", episode);

    /// <summary>What is to be moved is not what the slice listed.</summary>
    /// <param name="link">The medium.</param>
    /// <param name="version">The slice.</param>
    /// <param name="path">Where it is or would be; null where that is not known.</param>
    /// <param name="problem">What is the matter, after "it".</param>
    public static HarvestException MediumNotHere(string link, string version, string? path, string problem) => new(
        nameof(MediumNotHere), HarvestFault.NotFound,
        $"Slice {version} lists the medium {PlainText.OneLine(link)}, and it {problem}{(path is null ? "" : $" ({path})")}.",
        $"Put the file back, bring it with {new RemedyAction.PullSlices(version) { Media = true }}, or correct \"media\" in harvest.json or {LocalSettings.FileName}.", path ?? link);

    /// <summary>Another file is where a medium belongs.</summary>
    public static HarvestException MediumInTheWay(string link, string version, string path) => new(
        nameof(MediumInTheWay), HarvestFault.InvalidData,
        $"At {path} is another file than the medium {PlainText.OneLine(link)} that slice {version} lists; it was left alone.",
        "Move it elsewhere, and pull again.", path);

    /// <summary>No root says where a medium belongs.</summary>
    public static HarvestException MediumWithoutPlace(string link, string version, string problem) => new(
        nameof(MediumWithoutPlace), HarvestFault.InvalidData,
        $"The medium {PlainText.OneLine(link)} of slice {version} has no place on this machine: it {problem}.",
        problem == MediaRoots.NoRoot
            ? $"Write under \"media\" in harvest.json, or in {LocalSettings.FileName}, a folder for links that begin with '{MediaLink.Beginning(link)}'."
            : "Move away what is in its place, or set another folder for its link under \"media\".", link);

    private static string Named(IReadOnlyList<string> missing) =>
        string.Join("; ", missing.Take(MostNamed).Select(PlainText.OneLine)) + (missing.Count > MostNamed ? $"; and {Figures.Count(missing.Count - MostNamed)} more" : "");
}
