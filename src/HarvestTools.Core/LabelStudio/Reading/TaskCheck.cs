using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using HarvestTools.Json;

namespace HarvestTools.LabelStudio.Reading;

/// <summary>What holds for every task, whichever worker sees it: valid UTF-8 in, errors with a place out.</summary>
internal static class TaskCheck
{
    /// <summary>Options under which tasks are read; the array around them is one level more.</summary>
    public static JsonReaderOptions ReaderOptions => JsonTokens.Options;

    /// <summary>Hands a task to a worker.</summary>
    /// <exception cref="HarvestException">The task is not UTF-8, not JSON, or the worker found a fault.</exception>
    public static void Run(ITaskWorker worker, in RawTask task)
    {
        if (!Utf8.IsValid(task.Span))
        {
            throw ExportErrors.ExportInvalidUtf8(task, InvalidUtf8At(task.Span));
        }

        try
        {
            worker.Process(task);
        }
        catch (JsonException e)
        {
            throw Malformed(task, e);
        }
        catch (CanonicalJsonException e)
        {
            throw ExportErrors.ExportValueUnusable(task, e.Position, e.Message);
        }
    }

    /// <summary>What is wrong with a task whose end was not found, if anything but the missing end.</summary>
    /// <param name="task">What there is of it.</param>
    public static HarvestException? FaultOfUnfinished(in RawTask task)
    {
        // The last character may be cut in two; that is no fault of its own.
        int invalid = Utf8.IsValid(task.Span) ? -1 : InvalidUtf8At(task.Span);
        ReadOnlySpan<byte> readable = invalid < 0 ? task.Span : task.Span[..invalid];
        var reader = new Utf8JsonReader(readable, isFinalBlock: false, new JsonReaderState(ReaderOptions));
        try
        {
            // Stops at the task's end, which may be among the bytes not yet searched for it.
            while (reader.Read() && reader.CurrentDepth + (reader.TokenType == JsonTokenType.StartObject ? 1 : 0) > 0)
            {
            }
        }
        catch (JsonException e)
        {
            return Malformed(task, e);
        }

        bool cutCharacter = invalid >= 0
            && Rune.DecodeFromUtf8(task.Span[invalid..], out _, out _) == OperationStatus.NeedMoreData;
        return invalid < 0 || cutCharacter ? null : ExportErrors.ExportInvalidUtf8(task, invalid);
    }

    /// <summary>Malformed JSON in a task, with its place in the file.</summary>
    public static HarvestException Malformed(in RawTask task, JsonException e)
    {
        int position = PositionOf(task.Span, e.LineNumber ?? 0, e.BytePositionInLine ?? 0);
        ReadOnlySpan<byte> rest = task.Span[position..];
        if (rest.StartsWith("NaN"u8) || rest.StartsWith("I"u8))
        {
            return ExportErrors.ExportNotFinite(task, position);
        }

        return rest.IndexOfAny((byte)'{', (byte)'[') == 0 && DepthAt(task.Span[..position]) >= JsonTape.MaxDepth
            ? ExportErrors.ExportNestedTooDeep(task, position)
            : ExportErrors.ExportMalformed(task, position);
    }

    private static int DepthAt(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, isFinalBlock: false, new JsonReaderState(ReaderOptions));
        int depth = 0;
        while (reader.Read())
        {
            depth = reader.CurrentDepth + (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? 1 : 0);
        }

        return depth;
    }

    private static int PositionOf(ReadOnlySpan<byte> task, long line, long byteInLine)
    {
        int lineStart = 0;
        for (; line > 0; line--)
        {
            int next = task[lineStart..].IndexOf((byte)'\n');
            if (next < 0)
            {
                break;
            }

            lineStart += next + 1;
        }

        return (int)Math.Min(lineStart + byteInLine, task.Length);
    }

    private static int InvalidUtf8At(ReadOnlySpan<byte> text)
    {
        int position = 0;
        while (position < text.Length
            && Rune.DecodeFromUtf8(text[position..], out _, out int used) == OperationStatus.Done)
        {
            position += used;
        }

        return position;
    }
}
