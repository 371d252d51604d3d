using HarvestTools.Json;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>
/// The bytes of one task and their tokens. A place in it is one number, so that a region of ten members keeps ten numbers
/// and no text: the place of a token on the tape where the tape holds the task whole, and where it does not (the tape's
/// window is bounded, some tasks are not) where the value starts in the task's bytes, which are then read again from there.
/// Reusable; not thread-safe.
/// </summary>
internal sealed class TaskTokens
{
    private readonly JsonTape _tape = new();
    private readonly JsonTape _part = new();

    /// <summary>The bytes, as long as the task is worked on.</summary>
    public RawTask Task { get; private set; }

    /// <summary>Texts that are not in the file as they are (unescaped strings).</summary>
    public TextArena Arena { get; } = new();

    public void Load(in RawTask task)
    {
        Task = task;
        Arena.Clear();
        _tape.Load(task.Span);
    }

    /// <summary>Reads the task from its opening brace.</summary>
    public TaskReader Open() => new(Task, Arena, _tape);

    /// <summary>Puts a reader of this task onto the first token of the value at a place.</summary>
    public void GoTo(ref TaskReader reader, int place)
    {
        if (_tape.IsWhole)
        {
            reader.Json.GoTo(place);
            return;
        }

        _part.LoadPart(Task.Span, place);
        reader.Json = new JsonTokens(Task.Span, _part);
        reader.Json.Read();
    }

    /// <summary>The raw JSON of the value at a place.</summary>
    public ReadOnlyMemory<byte> Raw(int place)
    {
        TaskReader reader = Open();
        GoTo(ref reader, place);
        int start = reader.Json.TokenStart;
        reader.Skip();
        return Task.Buffer.AsMemory(Task.Offset + start, reader.Json.TokenEnd - start);
    }
}
