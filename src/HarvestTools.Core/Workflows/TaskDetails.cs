using System.Buffers;
using System.Collections.Concurrent;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.LabelStudio;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.LabelStudio.Tasks;
using Microsoft.Win32.SafeHandles;

namespace HarvestTools.Workflows;

/// <summary>Reads single tasks of both files again. Safe to use from several threads.</summary>
internal sealed class TaskDetails(SafeFileHandle before, string beforePath, SafeFileHandle after, string afterPath)
{
    private readonly ConcurrentBag<ExportTask> _tasks = [];

    /// <summary>What was edited in a task whose labels differ.</summary>
    public IReadOnlyList<LabelEdit> Edits(IndexedTask left, IndexedTask right)
    {
        using var old = new TaskBytes(before, beforePath, left);
        using var made = new TaskBytes(after, afterPath, right);
        ExportTask reference = Parse(old, beforePath, left);
        ExportTask difference = Parse(made, afterPath, right);
        IReadOnlyList<LabelEdit> edits = LabelEdits.Between(reference, difference);
        _tasks.Add(reference);
        _tasks.Add(difference);
        return edits;
    }

    /// <summary>Paths of all fields that differ, of labels or not.</summary>
    public IReadOnlyList<string> Fields(IndexedTask left, IndexedTask right)
    {
        using var old = new TaskBytes(before, beforePath, left);
        using var made = new TaskBytes(after, afterPath, right);
        return new JsonFieldDiff(Members.EntryKey).Between(old.Memory, made.Memory);
    }

    private ExportTask Parse(TaskBytes bytes, string path, IndexedTask place)
    {
        if (!_tasks.TryTake(out ExportTask? task))
        {
            task = new ExportTask();
        }

        // The bytes are those of the first pass, which found no fault in them; so neither number nor line is ever told.
        TaskParser.Parse(new RawTask(path, bytes.Buffer, 0, place.Length, 0, place.Offset, 0), task, LabelEdits.Parts);
        return task;
    }
}

/// <summary>The bytes of one task, read again and found unchanged.</summary>
internal sealed class TaskBytes : IDisposable
{
    private readonly int _length;

    public TaskBytes(SafeFileHandle file, string path, IndexedTask task)
    {
        _length = task.Length;
        Buffer = ArrayPool<byte>.Shared.Rent(task.Length);
        try
        {
            Fill(file, path, task.Offset, Buffer.AsSpan(0, task.Length));
            if (IndexedTask.HashOf(Buffer.AsSpan(0, task.Length)) != task.Bytes)
            {
                throw CompareErrors.ExportChangedMeanwhile(path);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Begins with the task.</summary>
    public byte[] Buffer { get; }

    public ReadOnlyMemory<byte> Memory => Buffer.AsMemory(0, _length);

    public void Dispose() => ArrayPool<byte>.Shared.Return(Buffer);

    private static void Fill(SafeFileHandle file, string path, long offset, Span<byte> into)
    {
        try
        {
            while (into.Length > 0)
            {
                FileFaults.Before(FileCall.Read, path);
                int read = RandomAccess.Read(file, into, offset);
                if (read == 0)
                {
                    throw CompareErrors.ExportChangedMeanwhile(path);
                }

                into = into[read..];
                offset += read;
            }
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "read");
        }
    }
}
