using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using HarvestTools.Derivation.Tallies;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Fields;

/// <summary>The three key columns of a task.</summary>
internal readonly record struct TaskFields(Utf8Text TaskSubdir, Utf8Text Episode, long Frame);

/// <summary>
/// Finds task_subdir, episode and frame of a task: first where the mapping says, then in the image's or video's path
/// (<see cref="MediaPath"/>), else nothing. One a worker; the texts live in the arena that it is given.
/// </summary>
internal sealed class FieldMapper
{
    private static readonly JsonReaderOptions Lenient = new() { MaxDepth = 1024 };

    private readonly TextArena _arena;
    private readonly Source _subdir;
    private readonly Source _episode;
    private readonly Source _frame;
    private readonly MediaPath _path = new();

    public FieldMapper(FieldMapping fields, TextArena arena)
    {
        _arena = arena;
        _subdir = new Source("task_subdir", fields.TaskSubdir);
        _episode = new Source("episode", fields.Episode);
        _frame = new Source("frame", fields.Frame);
    }

    public TaskFields Map(LabelTask task, in TaskPlace place, Tally tally)
    {
        if (tally.NeedsFirstData(place))
        {
            tally.SetFirstData(place, Keys(task.Data.Span));
        }

        Utf8Text subdir = Find(task, place, _subdir);
        Utf8Text episode = Find(task, place, _episode);
        Utf8Text frameText = Find(task, place, _frame);
        long frame = frameText.IsAbsent ? 0 : ParseFrame(frameText, place);
        Count(tally.TaskSubdir, !subdir.IsAbsent);
        Count(tally.Episode, !episode.IsAbsent);
        Count(tally.Frame, !frameText.IsAbsent);
        if (subdir.IsAbsent || episode.IsAbsent || frameText.IsAbsent)
        {
            FallBack(task, tally, ref subdir, ref episode, ref frame, frameText.IsAbsent);
        }

        return new TaskFields(subdir, episode, frame);
    }

    private static void Count(FieldCounts counts, bool mapped)
    {
        if (mapped)
        {
            counts.Mapped++;
        }
    }

    private void FallBack(
        LabelTask task, Tally tally, ref Utf8Text subdir, ref Utf8Text episode, ref long frame, bool needsFrame)
    {
        _path.Read(task.Data.Span);
        if (subdir.IsAbsent)
        {
            subdir = _path.TaskSubdir(_arena);
            CountFallback(tally.TaskSubdir, !subdir.IsEmptyOrAbsent);
        }

        if (episode.IsAbsent)
        {
            episode = _path.Episode(_arena, out bool fromFolder);
            CountFallback(tally.Episode, fromFolder);
        }

        // A video's frames stand in its regions, so a video task lacks nothing without a frame of its own.
        if (needsFrame && !_path.IsVideo)
        {
            bool found = _path.TryGetFrame(out frame);
            CountFallback(tally.Frame, found);
        }
    }

    private static void CountFallback(FieldCounts counts, bool found)
    {
        if (found)
        {
            counts.FromPath++;
        }
        else
        {
            counts.Missing++;
        }
    }

    private long ParseFrame(Utf8Text text, in TaskPlace place)
    {
        if (long.TryParse(text.Span, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long frame))
        {
            return frame;
        }

        throw RowErrors.FrameNotInteger(place, _frame.From, text.ToString());
    }

    private Utf8Text Find(LabelTask task, in TaskPlace place, Source source)
    {
        if (task.Data.IsEmptyOrAbsent)
        {
            return default;
        }

        var reader = new Utf8JsonReader(task.Data.Span, Lenient);
        Utf8Text value = Descend(ref reader, source.Path, _arena);
        if (value.IsAbsent || source.Pattern is null)
        {
            return value;
        }

        try
        {
            return source.Match(value.ToString()) is { } match ? _arena.Add(Encoding.UTF8.GetBytes(match)) : default;
        }
        catch (RegexMatchTimeoutException)
        {
            throw RowErrors.MatchTookTooLong(place, source.Field, source.Pattern);
        }
    }

    /// <summary>Follows the keys into objects; of a repeated key the last one counts, as for every JSON reader.</summary>
    private static Utf8Text Descend(ref Utf8JsonReader reader, ReadOnlySpan<byte[]> path, TextArena arena)
    {
        Utf8Text found = default;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return found;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals(path[0]))
            {
                reader.Read();
                reader.Skip();
                continue;
            }

            if (path.Length > 1)
            {
                Utf8JsonReader ahead = reader;
                found = Descend(ref ahead, path[1..], arena);
                reader.Read();
            }
            else
            {
                reader.Read();
                found = JsonScalar.ToText(ref reader, arena);
            }

            reader.Skip();
        }

        return found;
    }

    private static string Keys(ReadOnlySpan<byte> data)
    {
        var keys = new List<string>();
        if (!data.IsEmpty)
        {
            var reader = new Utf8JsonReader(data, Lenient);
            reader.Read();
            while (keys.Count < 50 && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                keys.Add(JsonScalar.ToString(ref reader));
                reader.Read();
                reader.Skip();
            }
        }

        keys.Sort(StringComparer.Ordinal);
        return keys.Count == 0 ? "nothing" : string.Join(", ", keys);
    }

    /// <summary>A field's place in the data and its pattern, made ready for use.</summary>
    private sealed class Source
    {
        private readonly Regex? _whole;
        private readonly Regex? _inside;

        public Source(string field, FieldSource source)
        {
            Field = field;
            From = source.From;
            Pattern = source.Match;
            Path = [.. source.From.Split('.').Skip(1).Select(Encoding.UTF8.GetBytes)];
            if (source.Match is { } pattern)
            {
                _whole = FieldPattern.Compile(pattern);
                _inside = FieldPattern.IsDelimited(pattern) ? FieldPattern.Compile(pattern[1..^1]) : null;
            }
        }

        public string Field { get; }

        public string From { get; }

        public string? Pattern { get; }

        /// <summary>The keys below <c>data</c>.</summary>
        public byte[][] Path { get; }

        /// <summary>
        /// The first group of the first match, or the whole match of a pattern without a group. A pattern between
        /// slashes is tried as it stands, since slashes stand in paths, and then with the slashes as mere delimiters.
        /// </summary>
        public string? Match(string value) => Match(_whole!, value) ?? (_inside is null ? null : Match(_inside, value));

        private static string? Match(Regex regex, string value)
        {
            Match match = regex.Match(value);
            return match.Success ? match.Groups[match.Groups.Count > 1 ? 1 : 0].Value : null;
        }
    }
}
