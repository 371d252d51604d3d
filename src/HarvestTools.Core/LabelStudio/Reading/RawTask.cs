namespace HarvestTools.LabelStudio.Reading;

/// <summary>
/// One task of an export as it stands in the file: the bytes from its opening to its closing brace, valid UTF-8, braces
/// balanced, not yet known to be well-formed JSON. The bytes live only as long as the call that receives the task.
/// </summary>
/// <param name="FileName">The export's name or path, for messages.</param>
/// <param name="Buffer">Holds the task and others.</param>
/// <param name="Offset">Where the task starts in the buffer.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Ordinal">Position in the export, from 1.</param>
/// <param name="ByteOffset">Where the opening brace stands in the file, in bytes from 0.</param>
/// <param name="Line">The line of the opening brace, from 1.</param>
internal readonly record struct RawTask(
    string FileName, byte[] Buffer, int Offset, int Length, long Ordinal, long ByteOffset, long Line)
{
    public ReadOnlySpan<byte> Span => Buffer.AsSpan(Offset, Length);
}

/// <summary>
/// What is done with each task. One worker is used by one thread at a time and sees its tasks in the file's order, but
/// which worker sees which task is left to chance: results must not depend on it.
/// </summary>
internal interface ITaskWorker
{
    void Process(in RawTask task);
}
