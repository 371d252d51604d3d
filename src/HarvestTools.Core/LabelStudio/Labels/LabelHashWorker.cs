using System.Text.Json;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Labels;

/// <summary>
/// Digests the labels of tasks and counts what an export holds. One worker a thread; <see cref="LabelFacts.Merge"/> joins
/// what they found. Allocates nothing for a task once its buffers have grown.
/// </summary>
internal sealed class LabelHashWorker : ITaskWorker
{
    private readonly TextArena _arena = new();
    private readonly JsonTape _tape = new();
    private readonly LabelTextWriter _annotations = new();
    private readonly CanonicalWriter _canonical = new();
    private readonly ByteWriter _data = new();
    private readonly ByteWriter _text = new();

    public LabelFacts Facts { get; } = new();

    /// <summary>The id of the task that was processed last.</summary>
    public long? LastId { get; private set; }

    /// <summary>The labels of the task that was processed last; null where it has none.</summary>
    public TaskDigest? LastDigest { get; private set; }

    public void Process(in RawTask task)
    {
        _tape.Load(task.Span);
        Process(task, _tape);
    }

    /// <summary>Does the same with tokens that were read before.</summary>
    /// <param name="task">The task.</param>
    /// <param name="tape">Loaded with it.</param>
    public void Process(in RawTask task, JsonTape tape)
    {
        Clear();
        var reader = new TaskReader(task, _arena, tape);
        reader.Json.Read();
        long? id = null;
        long? project = null;
        int drafts = 0;
        bool annotated = false;
        TaskKeys keys = TaskKeys.None;
        while (reader.NextMember(out ReadOnlySpan<byte> key))
        {
            TaskKeys known = TaskShape.KeyOf(key);
            keys |= known;
            if (known == TaskKeys.Id)
            {
                id = reader.Id("id");
            }
            else if (known == TaskKeys.Annotations && (!annotated || key.SequenceEqual("annotations"u8)))
            {
                annotated = key.SequenceEqual("annotations"u8);
                _annotations.Read(ref reader);
            }
            else if (known == TaskKeys.Data)
            {
                _data.Clear();
                _canonical.Append(ref reader.Json, _data);
            }
            else if (key.SequenceEqual("drafts"u8))
            {
                drafts = TaskParser.CountElements(ref reader);
            }
            else if (key.SequenceEqual("project"u8))
            {
                project = reader.IdIfAny();
            }
            else
            {
                reader.Skip();
            }
        }

        Facts.AddTask(TaskShape.Check(task, keys), project ?? _annotations.ProjectId, drafts);
        LastId = id;
        LastDigest = null;
        if (_annotations.Count > 0)
        {
            _annotations.CountInto(Facts);
            TaskDigest digest = TaskDigest.Of(id, TextOf(id));
            Facts.Add(digest);
            LastDigest = digest;
        }

        // Gives the memory that a huge task took back before the next one is read.
        Clear();
    }

    private void Clear()
    {
        _arena.Clear();
        _annotations.Clear();
        _data.Clear();
        _text.Clear();
    }

    /// <summary>The task's canonical text, see <see cref="LabelHash"/>.</summary>
    private ReadOnlySpan<byte> TextOf(long? id)
    {
        _text.Add("{\"annotations\":["u8);
        _annotations.AppendSorted(_text);
        _text.Add("],\"data\":"u8);
        _text.Add(_data.Length == 0 ? "null"u8 : _data.Written);
        _text.Add(",\"id\":"u8);
        LabelTextWriter.AddId(id, _text);
        _text.Add((byte)'}');
        return _text.Written;
    }
}
