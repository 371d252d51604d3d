using System.Buffers;
using System.IO.Enumeration;
using System.Text.RegularExpressions;

namespace HarvestTools.Decisions.Statistics;

/// <summary>
/// Which versions are versions of one model: as harvest.json says, else by a registered model's name, else by what names have in
/// common before the version, each project apart: two models may have versions of the same names.
/// </summary>
internal static partial class ModelLines
{
    private const string Separators = "-_./@: +";

    private static readonly SearchValues<char> s_separators = SearchValues.Create(Separators);

    /// <summary>The model of each version in each project: a name, or null with whether it is unknown; all are null and known where there is one model.</summary>
    /// <param name="versions">Each version with the projects that it pre-annotated.</param>
    /// <param name="registered">Names of registered models.</param>
    /// <param name="patterns">Names of models with patterns of their versions (<c>*</c> and <c>?</c>), as harvest.json has them.</param>
    public static IReadOnlyDictionary<(string Version, string Project), (string? Line, bool Unknown)> Of(
        IReadOnlyDictionary<string, IReadOnlySet<string>> versions,
        IEnumerable<string> registered,
        IReadOnlyDictionary<string, IReadOnlyList<string>> patterns)
    {
        string[] models = [.. registered.Select(StemOfRegistered).Where(static name => name.Length > 0).Distinct().OrderByDescending(static name => name.Length)];
        var found = new Dictionary<(string Version, string Project), (string? Line, bool Unknown)>();
        var stems = new Dictionary<string, Stem>(StringComparer.Ordinal);
        foreach ((string version, IReadOnlySet<string> projects) in versions)
        {
            if (patterns.FirstOrDefault(line => line.Value.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, version, ignoreCase: false))).Key is { } line)
            {
                foreach (string project in projects)
                {
                    found[(version, project)] = (line, false);
                }
            }
            else
            {
                stems[version] = StemOf(version, models);
            }
        }

        // hand-final is one of hand's.
        foreach ((string version, Stem stem) in stems.Where(static entry => !entry.Value.HasVersion).ToArray())
        {
            string? of = stems.Values.Where(other => other.HasVersion && other.Text.Length > 0 && Begins(version, other.Text)).Select(static other => other.Text).MaxBy(static text => text.Length);
            stems[version] = of is null ? stem : new Stem(of, HasVersion: true);
        }

        foreach (IGrouping<string, (string Version, string Project)> project in stems.Keys.SelectMany(version => versions[version].Select(project => (Version: version, Project: project))).GroupBy(static entry => entry.Project))
        {
            // What shares no beginning with others of its project may be a version of any of theirs, and then nothing is known of them.
            string[] names = [.. project.Select(entry => stems[entry.Version].Text).Distinct()];
            bool unknown = names.Length > 1 && project.Any(entry => !stems[entry.Version].HasVersion);
            foreach ((string version, _) in project)
            {
                string stem = stems[version].Text;
                bool several = stems.Where(other => other.Value.Text == stem).SelectMany(other => versions[other.Key]).Distinct().Count() > 1;
                found[(version, project.Key)] = unknown ? (null, true) : (NameOf(stem, several ? project.Key : null), false);
            }
        }

        bool one = found.Values.All(static entry => !entry.Unknown) && found.Values.Select(static entry => entry.Line).Distinct().Count() <= 1;
        return one ? found.ToDictionary(static entry => entry.Key, static _ => ((string?)null, false)) : found;
    }

    /// <summary>What is before the version in a name: <c>hand_kp</c> of <c>hand_kp-v3</c>, nothing of <c>v3</c> and <c>2026-05-11</c>.</summary>
    internal static string StemText(string version) => StemOf(version, []).Text;

    /// <summary>Teams register each version of a model under a name of its own (<c>hand-v3</c>), or all under one (<c>resnet50</c>).</summary>
    private static string StemOfRegistered(string name)
    {
        Stem stem = OwnStem(name, glued: false);
        return stem.HasVersion ? stem.Text : name.Trim();
    }

    private static Stem StemOf(string version, string[] models)
    {
        Stem own = OwnStem(version, glued: true);

        // hand-left-v1 is not hand's where hand is registered: what follows the name is a version, or the whole has none.
        return models.FirstOrDefault(name => version.Length > name.Length && Begins(version, name) && (!own.HasVersion || FollowsVersion(version[name.Length..]))) is { } registered
            ? new Stem(registered, HasVersion: true)
            : own;
    }

    private static bool FollowsVersion(string rest)
    {
        string[] parts = rest.Split(Separators.ToCharArray(), StringSplitOptions.RemoveEmptyEntries);
        return parts.Length > 0 && IsVersion().IsMatch(parts[0]);
    }

    private static Stem OwnStem(string version, bool glued)
    {
        string rest = version.Trim();
        bool any = false;
        while (rest.Length > 0)
        {
            int at = rest.AsSpan().LastIndexOfAny(s_separators);
            if (!IsVersion().IsMatch(rest[(at + 1)..]))
            {
                break;
            }

            any = true;
            rest = at < 0 ? string.Empty : rest[..at].TrimEnd(Separators.ToCharArray());
        }

        if (!any && glued && Glued().Match(rest) is { Success: true } together)
        {
            return new Stem(together.Groups[1].Value, HasVersion: true);
        }

        return new Stem(rest, any);
    }

    private static bool Begins(string version, string stem) =>
        version.StartsWith(stem, StringComparison.Ordinal) && (version.Length == stem.Length || s_separators.Contains(version[stem.Length]));

    private static string? NameOf(string stem, string? projects) => (stem.Length, projects) switch
    {
        (0, null) => "(unnamed)",
        (0, _) => projects,
        (_, null) => stem,
        _ => $"{stem} in {projects}",
    };

    // v3, 3, 2026, 11T14, rc1, final: a version, or a word about one.
    [GeneratedRegex("^(?:(?:v|ver|version|rev|r|rc|release|epoch|ep|step|run|iter|it|build|b|alpha|beta|t)?[0-9]+(?:[tT][0-9]+)?[zZ]?|final|best|latest|last|new|old|prod|rc|alpha|beta)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex IsVersion();

    [GeneratedRegex("^(.*[A-Za-z])[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Glued();

    private readonly record struct Stem(string Text, bool HasVersion);
}
