using System.Runtime.CompilerServices;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>
/// The bytes of one task and their tokens. A place in it is one number, so that a region of ten members keeps ten numbers
/// and no text: the place of a token on the tape where the tape holds the task whole, and where it does not (the tape's
/// window is bounded, some tasks are not) where the value starts in the task's bytes, which are then read again from there.
/// Reusable; not thread-safe.
/// </summary>
internal sealed class TaskTokens
{
    private readonly TaskTexts _texts = new();
    private readonly JsonShapes _shapes = new();
    private readonly ObjectPlans _plans = new();
    private readonly JsonTape _tape;
    private readonly JsonTape _part;
    private bool _isWhole;

    public TaskTokens()
    {
        _tape = new JsonTape(_shapes);
        _part = new JsonTape(_shapes);
    }

    /// <summary>Writes the texts of regions, which the label hash is taken of.</summary>
    public RegionTexts Regions { get; } = new();

    /// <summary>
    /// Whether the label hash is taken after the task was read: numbers are then looked at once for both (<see cref="JsonTape.NotesNumbers"/>),
    /// and of a task that the tape does not hold whole the texts of regions are kept, for which it would be read again.
    /// </summary>
    public bool IsHashed
    {
        get => _tape.NotesNumbers;
        set => _tape.NotesNumbers = value;
    }

    /// <summary>Whether <see cref="Regions"/> keeps texts while regions are read.</summary>
    public bool KeepsTexts => IsHashed && !_isWhole;

    /// <summary>The bytes, as long as the task is worked on.</summary>
    public RawTask Task { get; private set; }

    public void Load(in RawTask task)
    {
        Task = task;
        _texts.Clear();
        Regions.Clear();
        _shapes.Renew();
        _tape.Load(task.Span);
        _isWhole = _tape.IsWhole;
    }

    /// <summary>Forgets the texts of the task, and gives back the memory that huge ones took.</summary>
    public void Release()
    {
        _tape.Release();
        _part.Release();
        _texts.Clear();
        Regions.Clear();
    }

    /// <summary>Reads the task from its opening brace.</summary>
    public TaskReader Open() => new(Task, _texts, _tape, _plans);

    /// <summary>Puts a reader of this task onto the first token of the value at a place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void GoTo(ref TaskReader reader, int place)
    {
        if (_isWhole)
        {
            reader.Json.GoTo(place);
        }
        else
        {
            ReadAgain(ref reader, place);
        }
    }

    /// <summary>The raw JSON of the value at a place; empty where the place is 0.</summary>
    public ReadOnlyMemory<byte> Raw(int place)
    {
        if (place == 0)
        {
            return default;
        }

        TaskReader reader = Open();
        GoTo(ref reader, place);
        int start = reader.Json.TokenStart;
        reader.Skip();
        return Task.Buffer.AsMemory(Task.Offset + start, reader.Json.TokenEnd - start);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReadAgain(ref TaskReader reader, int place)
    {
        _part.LoadPart(Task.Span, place);
        reader.Json = new JsonTokens(Task.Span, _part);
        reader.Json.Read();
    }
}
