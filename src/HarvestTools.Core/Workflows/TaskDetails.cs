using System.Buffers;
using System.Text.Json;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Labels;
using Microsoft.Win32.SafeHandles;

namespace HarvestTools.Workflows;

/// <summary>Reads single tasks of both files again. Safe to use from several threads.</summary>
internal sealed class TaskDetails(SafeFileHandle before, string beforePath, SafeFileHandle after, string afterPath)
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = JsonTape.MaxDepth };

    public IReadOnlyList<T> Compare<T>(IndexedTask left, IndexedTask right, Func<JsonElement, JsonElement, IReadOnlyList<T>> compare)
    {
        using var old = new TaskText(before, beforePath, left, s_options);
        using var made = new TaskText(after, afterPath, right, s_options);
        return compare(old.Root, made.Root);
    }
}

internal sealed class TaskText : IDisposable
{
    private readonly byte[] _bytes;
    private readonly JsonDocument _document;

    public TaskText(SafeFileHandle file, string path, IndexedTask task, JsonDocumentOptions options)
    {
        _bytes = ArrayPool<byte>.Shared.Rent(task.Length);
        try
        {
            Fill(file, path, task.Offset, _bytes.AsSpan(0, task.Length));
            if (IndexedTask.HashOf(_bytes.AsSpan(0, task.Length)) != task.Bytes)
            {
                throw CompareErrors.ExportChangedMeanwhile(path);
            }

            _document = JsonDocument.Parse(_bytes.AsMemory(0, task.Length), options);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            throw;
        }
    }

    public JsonElement Root => _document.RootElement;

    public void Dispose()
    {
        _document.Dispose();
        ArrayPool<byte>.Shared.Return(_bytes);
    }

    private static void Fill(SafeFileHandle file, string path, long offset, Span<byte> into)
    {
        try
        {
            while (into.Length > 0)
            {
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
