using System.Buffers;
using System.Text;
using HarvestTools.Files;

namespace HarvestTools.Workflows;

/// <summary>
/// Finds which of a slice's episodes an eval set names. An eval set has no fixed form (a folder of frames, a list, a
/// CSV, an export), so names are looked for: in the paths of a folder's files, or in the words of a file.
/// </summary>
internal static class EvalSetEpisodes
{
    /// <summary>How many words before the episode's name its task folder may stand: enough for a JSON object's keys.</summary>
    private const int LookBack = 8;

    private static readonly SearchValues<char> s_wordCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.");

    /// <summary>The episodes that an eval set has, exactly where its form says them.</summary>
    /// <param name="eval">The eval set.</param>
    /// <param name="training">What the training slice has.</param>
    /// <param name="cancellation">Stops between files and lines.</param>
    public static IReadOnlyList<string> Find(EvalSetContents eval, TrainingSide training, CancellationToken cancellation)
    {
        IReadOnlyList<string> found = Find(eval, training.Episodes, cancellation);
        if (!training.IsOfProgram || eval.Episodes is not { } own)
        {
            return found;
        }

        // A table need not say the folder, and the program may read episodes where the fields of rules do not.
        HashSet<string> names = [.. own.Select(static episode => episode.Episode)];
        return
        [
            .. found.Concat(training.Episodes.Where(episode => episode.TaskSubdir.Length == 0 && MayBeNamed(episode) && names.Contains(episode.Episode)).Select(Name))
                .Concat(Find(eval.Path, training.Episodes, cancellation))
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <param name="eval">The eval set.</param>
    /// <param name="episodes">Episodes by task folder and name.</param>
    /// <param name="cancellation">Stops between files and lines.</param>
    public static IReadOnlyList<string> Find(
        EvalSetContents eval, IEnumerable<(string TaskSubdir, string Episode)> episodes, CancellationToken cancellation) => eval.Episodes is { } own
            ? [.. episodes.Where(episode => MayBeNamed(episode) && own.Contains(episode)).Select(Name).Distinct().Order(StringComparer.Ordinal)]
            : Find(eval.Path, episodes, cancellation);

    /// <summary>A word or a number names an episode only with its task folder: without one, every <c>1</c> and <c>front</c> would be it.</summary>
    public static bool MayBeNamed((string TaskSubdir, string Episode) episode) =>
        episode.Episode.Length > 0 && (episode.TaskSubdir.Length > 0 || MediumPaths.SaysWhich(episode.Episode));

    private static string Name((string TaskSubdir, string Episode) episode) => episode.TaskSubdir.Length == 0 ? episode.Episode : $"{episode.TaskSubdir}/{episode.Episode}";

    /// <param name="path">The eval set's file or folder.</param>
    /// <param name="episodes">The training slice's episodes.</param>
    /// <param name="cancellation">Stops between files and lines.</param>
    /// <returns>The episodes that it names, as <c>task_subdir/episode</c>, sorted.</returns>
    public static IReadOnlyList<string> Find(
        string path, IEnumerable<(string TaskSubdir, string Episode)> episodes, CancellationToken cancellation)
    {
        var known = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach ((string subdir, string episode) in episodes)
        {
            if (MayBeNamed((subdir, episode)))
            {
                (known.TryGetValue(episode, out List<string>? subdirs) ? subdirs : known[episode] = []).Add(subdir);
            }
        }

        var found = new SortedSet<string>(StringComparer.Ordinal);
        IEnumerable<string> lines = Directory.Exists(path)
            ? TreeHash.FilesOf(path).Select(file => Path.GetRelativePath(path, file))
            : File.Exists(path) ? Lines(path) : [];
        var words = new Queue<string>();
        foreach (string line in lines)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Directory.Exists(path))
            {
                words.Clear();
            }

            Search(line, known, words, found);
        }

        return [.. found];
    }

    private static void Search(
        string line, Dictionary<string, List<string>> known, Queue<string> words, SortedSet<string> found)
    {
        ReadOnlySpan<char> rest = line;
        while (true)
        {
            int start = rest.IndexOfAny(s_wordCharacters);
            if (start < 0)
            {
                return;
            }

            rest = rest[start..];
            int length = rest.IndexOfAnyExcept(s_wordCharacters);
            string word = (length < 0 ? rest : rest[..length]).ToString();
            rest = length < 0 ? [] : rest[length..];

            // A frame's file may be called after its episode: episode_0012.mp4.
            string stem = known.ContainsKey(word) ? word : Path.GetFileNameWithoutExtension(word);
            if (known.TryGetValue(stem, out List<string>? subdirs))
            {
                foreach (string subdir in subdirs)
                {
                    if (subdir.Length == 0)
                    {
                        found.Add(stem);
                    }
                    else if (words.Contains(subdir[(subdir.LastIndexOf('/') + 1)..]))
                    {
                        found.Add($"{subdir}/{stem}");
                    }
                }
            }

            words.Enqueue(word);
            if (words.Count > LookBack)
            {
                words.Dequeue();
            }
        }
    }

    /// <summary>A file's lines; a compact JSON file is one long line, so pieces of bounded length are given instead.</summary>
    private static IEnumerable<string> Lines(string path)
    {
        const int Piece = 64 * 1024;
        using var reader = new StreamReader(AtomicFile.OpenRead(path), Encoding.UTF8);
        var buffer = new char[Piece];
        string carried = "";
        int read;
        while ((read = reader.ReadBlock(buffer)) > 0)
        {
            string text = carried + new string(buffer, 0, read);

            // A word that the piece cuts in two is carried over to the next.
            int end = text.AsSpan().LastIndexOfAnyExcept(s_wordCharacters) + 1;
            carried = text[end..];
            yield return text[..end];
        }

        yield return carried;
    }
}
