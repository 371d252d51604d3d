using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Fields;

/// <summary>
/// Finds task_subdir, episode and frame of a medium of a task: first where the mapping says, then in the image's or video's path
/// (<see cref="MediaPath"/>), else nothing. One a worker; the texts live in the arena that it is given.
/// </summary>
internal sealed class FieldMapper
{
    /// <summary>The place in a list where it is not known which element is meant: none is taken.</summary>
    public const int NoPlace = -1;

    private static readonly JsonReaderOptions Lenient = new() { MaxDepth = 1024 };

    private readonly TextArena _arena;
    private readonly Source _subdir;
    private readonly Source _episode;
    private readonly Source _frame;
    private readonly Source? _media;
    private readonly MediaPath _path = new();

    // Whether each is the value of a key of the data, without a pattern.
    private readonly bool _arePlain;

    public FieldMapper(FieldMapping fields, TextArena arena)
    {
        _arena = arena;
        _subdir = new Source("task_subdir", fields.TaskSubdir);
        _episode = new Source("episode", fields.Episode);
        _frame = new Source("frame", fields.Frame);
        _arePlain = Array.TrueForAll([_subdir, _episode, _frame], static source => source is { Pattern: null, Path.Length: 1 });
        _media = fields.Media is { } media ? new Source("media", media) : null;
    }

    /// <summary>Notes the keys of the task's data for messages, where it is the first labelled task so far.</summary>
    public static void Note(LabelTask task, in TaskPlace place, Tally tally)
    {
        if (tally.NeedsFirstData(place))
        {
            tally.SetFirstData(place, Keys(task.Data.Span));
        }
    }

    /// <summary>The link that the mapping of <c>media</c> gives; absent without one, or where the data lacks the place.</summary>
    /// <param name="task">The task.</param>
    /// <param name="place">For messages.</param>
    /// <param name="listPlace">Which of several the medium is, where the mapped value is a list.</param>
    public Utf8Text Media(LabelTask task, in TaskPlace place, int listPlace) => _media is null ? default : Find(task, place, _media, listPlace);

    /// <summary>The key columns of what is on one medium of the task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="place">For messages.</param>
    /// <param name="link">The medium's; null where it is not known.</param>
    /// <param name="listPlace">Which of several it is, where a mapped value is a list.</param>
    /// <exception cref="HarvestException">The frame is no integer.</exception>
    public TaskFields Map(LabelTask task, in TaskPlace place, string? link, int listPlace)
    {
        (Utf8Text subdir, Utf8Text episode, Utf8Text frameText) = FindAll(task, place, listPlace);

        // An empty text is no frame, as a pattern gives it where a file has no digits.
        frameText = frameText.IsEmptyOrAbsent ? default : frameText;
        long frame = frameText.IsAbsent ? 0 : ParseFrame(frameText, place);
        var origins = new FieldOrigins(FieldOrigin.Mapped, FieldOrigin.Mapped, FieldOrigin.Mapped);
        if (!subdir.IsAbsent && !episode.IsAbsent && !frameText.IsAbsent)
        {
            return new TaskFields(subdir, episode, frame, origins);
        }

        _path.Read(link);
        if (subdir.IsAbsent)
        {
            subdir = _path.TaskSubdir(_arena);
            origins = origins with { TaskSubdir = subdir.IsEmptyOrAbsent ? FieldOrigin.Missing : FieldOrigin.Path };
        }

        if (episode.IsAbsent)
        {
            episode = _path.Episode(_arena, out bool fromFolder);
            origins = origins with { Episode = fromFolder ? FieldOrigin.Path : FieldOrigin.Missing };
        }

        if (frameText.IsAbsent)
        {
            // A video's frames are in its regions, so a video lacks nothing without a frame of its own.
            bool found = !_path.IsVideo && _path.TryGetFrame(out frame);
            origins = origins with { Frame = _path.IsVideo ? FieldOrigin.NotNeeded : found ? FieldOrigin.Path : FieldOrigin.Missing };
        }

        return new TaskFields(subdir, episode, frame, origins);
    }

    /// <summary>As <see cref="Map"/> without the frame, which a task that nobody labelled need not have.</summary>
    public (Utf8Text TaskSubdir, Utf8Text Episode) Episode(LabelTask task, in TaskPlace place, string? link, int listPlace)
    {
        Utf8Text subdir = Find(task, place, _subdir, listPlace);
        Utf8Text episode = Find(task, place, _episode, listPlace);
        if (subdir.IsAbsent || episode.IsAbsent)
        {
            _path.Read(link);
        }

        return (subdir.IsAbsent ? _path.TaskSubdir(_arena) : subdir, episode.IsAbsent ? _path.Episode(_arena, out _) : episode);
    }

    private long ParseFrame(Utf8Text text, in TaskPlace place)
    {
        if (long.TryParse(text.Span, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long frame))
        {
            return frame;
        }

        throw RowErrors.FrameNotInteger(place, _frame.From, text.ToString(), fits: !text.Span.ContainsAnyInRange((byte)'0', (byte)'9') || !CanonicalNumber.IsInteger(text.Span));
    }

    private (Utf8Text Subdir, Utf8Text Episode, Utf8Text Frame) FindAll(LabelTask task, in TaskPlace place, int listPlace)
    {
        if (!_arePlain || task.Data.IsEmptyOrAbsent)
        {
            return (Find(task, place, _subdir, listPlace), Find(task, place, _episode, listPlace), Find(task, place, _frame, listPlace));
        }

        // Keys of the data itself, as mostly, are found in one pass; of a repeated one the last counts, as in Descend.
        (Utf8Text Subdir, Utf8Text Episode, Utf8Text Frame) found = default;
        var reader = new Utf8JsonReader(task.Data.Span, Lenient);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return found;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool subdir = reader.ValueTextEquals(_subdir.Path[0]);
            bool episode = reader.ValueTextEquals(_episode.Path[0]);
            bool frame = reader.ValueTextEquals(_frame.Path[0]);
            reader.Read();
            if (subdir || episode || frame)
            {
                Utf8Text value = Value(ref reader, listPlace, _arena);
                found = (subdir ? value : found.Subdir, episode ? value : found.Episode, frame ? value : found.Frame);
            }

            reader.Skip();
        }

        return found;
    }

    private Utf8Text Find(LabelTask task, in TaskPlace place, Source source, int listPlace)
    {
        if (task.Data.IsEmptyOrAbsent)
        {
            return default;
        }

        var reader = new Utf8JsonReader(task.Data.Span, Lenient);
        Utf8Text value = Descend(ref reader, source.Path, listPlace, _arena);
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
    private static Utf8Text Descend(ref Utf8JsonReader reader, ReadOnlySpan<byte[]> path, int listPlace, TextArena arena)
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
                found = Descend(ref ahead, path[1..], listPlace, arena);
                reader.Read();
            }
            else
            {
                reader.Read();
                found = Value(ref reader, listPlace, arena);
            }

            reader.Skip();
        }

        return found;
    }

    private static Utf8Text Value(ref Utf8JsonReader reader, int listPlace, TextArena arena) =>
        reader.TokenType == JsonTokenType.StartArray ? Element(reader, listPlace, arena) : JsonScalar.ToText(ref reader, arena);

    /// <summary>Of a list, as one tag over several media has it, the value that is the medium's.</summary>
    private static Utf8Text Element(Utf8JsonReader reader, int listPlace, TextArena arena)
    {
        for (int i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            if (i == listPlace)
            {
                return JsonScalar.ToText(ref reader, arena);
            }

            reader.Skip();
        }

        return default;
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
