namespace HarvestTools.LabelStudio.Reading;

/// <summary>
/// Cuts the bytes of an export into tasks: checks what stands around and between them, leaves what stands inside to the
/// workers. Tasks never straddle two batches; the beginning of one is carried over.
/// </summary>
internal sealed class TaskSplitter(ExportInput source, ExportLimits limits, int readBytes)
{
    /// <summary>What a batch may grow to in a buffer of its own; real tasks fit.</summary>
    private const int OwnBytes = 1024 * 1024;

    /// <summary>
    /// Where tasks are read that outgrow their batch: new buffers for each, twice as large time after time, would be left to the
    /// collector, which lets hundreds of megabytes of them pile up. Empty until there is such a task.
    /// </summary>
    private byte[] _large = [];

    private TaskBatch _batch = null!;

    /// <summary>The beginning of a task whose end was not in the batch before; its first bytes.</summary>
    private byte[] _carried = [];
    private int _carriedBytes;

    /// <summary>How many bytes of the batch's buffer are read.</summary>
    private int _filled;

    /// <summary>The first byte of the buffer that is not yet judged; inside a task, the task's opening brace.</summary>
    private int _position;

    /// <summary>Where the buffer's first byte stands in the file.</summary>
    private long _bufferOffset;

    /// <summary>The line that <see cref="_lineCountedTo"/> stands on, from 1.</summary>
    private long _line = 1;
    private int _lineCountedTo;

    private Expected _expected = Expected.Start;
    private bool _insideTask;
    private TaskScan _scan;
    private bool _ended;

    private enum Expected
    {
        /// <summary>A byte order mark, white space or the array's bracket.</summary>
        Start,
        Array,
        FirstTaskOrEnd,
        Task,
        CommaOrEnd,
        Nothing,
    }

    /// <summary>Whole tasks found so far.</summary>
    public long Tasks { get; private set; }

    /// <summary>What the first element of the array is; null where it may be a task.</summary>
    public HarvestException? Foreign { get; private set; }

    /// <summary>Reads the tasks that come next into an empty batch; more of them may follow where it gives true.</summary>
    /// <param name="batch">Receives the tasks; grows where one does not fit.</param>
    /// <param name="progress">Receives the bytes read so far, on this thread.</param>
    /// <exception cref="HarvestException">The file is not an array of tasks. Those before the fault are in the batch.</exception>
    public bool Fill(TaskBatch batch, IProgress<long>? progress)
    {
        _batch = batch;
        Grow(_carriedBytes, 0);
        _carried.AsSpan(0, _carriedBytes).CopyTo(batch.Buffer);
        _filled = _carriedBytes;
        while (true)
        {
            while (!_ended && _filled < _batch.Room)
            {
                ReadOn();
                progress?.Report(source.Bytes);
                Advance();
            }

            if (_ended)
            {
                CheckEnd();
                return false;
            }

            int tail = _filled - _position;
            CountLines(_position);
            if (_batch.Count > 0)
            {
                CarryOver(tail);
                return true;
            }

            MakeRoom(tail);
        }
    }

    private void ReadOn()
    {
        int room = Math.Min(_batch.Room - _filled, readBytes);
        int read = source.Read(_batch.Buffer.AsSpan(_filled, room));
        _ended = read == 0;
        _filled += read;
    }

    /// <summary>Keeps what belongs to the next batch: this one will be with another thread by then.</summary>
    private void CarryOver(int tail)
    {
        if (_carried.Length < tail)
        {
            // Some to spare, as in a batch.
            _carried = GC.AllocateUninitializedArray<byte>(Math.Max(tail + (tail / 4), limits.BatchBytes));
        }

        _batch.Buffer.AsSpan(_position, tail).CopyTo(_carried);
        _carriedBytes = tail;
        Rebase(tail);
    }

    /// <summary>Goes on with more of the task for which the buffer does not suffice.</summary>
    private void MakeRoom(int tail)
    {
        if (_position > 0)
        {
            _batch.Buffer.AsSpan(_position, tail).CopyTo(_batch.Buffer);
            Rebase(tail);
        }

        if (_filled == _batch.Room)
        {
            CheckSize(tail);
            Grow((int)Math.Min((_batch.Room * 2L) + 64, limits.MaxTaskBytes + 64L), _filled);
        }
    }

    /// <summary>Makes room in the batch for <paramref name="atLeast"/> bytes and keeps the first <paramref name="keep"/>.</summary>
    private void Grow(int atLeast, int keep)
    {
        if (_batch.Room >= atLeast)
        {
            return;
        }

        if (atLeast > OwnBytes && _large.Length < atLeast)
        {
            // Of its full size at once: what no task fills takes no memory.
            _large = GC.AllocateUninitializedArray<byte>(Math.Max(atLeast, limits.MaxTaskBytes + 64));
        }

        if (_large.Length >= atLeast)
        {
            _batch.Borrow(_large, atLeast, keep);
        }
        else
        {
            _batch.Grow(atLeast, keep);
        }
    }

    private void Rebase(int tail)
    {
        _bufferOffset += _position;
        _lineCountedTo = 0;
        _position = 0;
        _filled = tail;
    }

    /// <summary>Judges all bytes that are read, as far as they tell.</summary>
    private void Advance()
    {
        while (_position < _filled)
        {
            if (_insideTask)
            {
                int length = _scan.FindEnd(_batch.Buffer.AsSpan(_position, _filled - _position), _ended);
                if (length < 0)
                {
                    CheckSize(_filled - _position);
                    return;
                }

                CheckSize(length);
                CountLines(_position);
                if (Tasks == 0)
                {
                    LookAtFirst(length);
                }

                _batch.Add(_position, length, ++Tasks, _bufferOffset + _position, _line);
                _position += length;
                _insideTask = false;
                _expected = Expected.CommaOrEnd;
            }
            else if (!Between(_batch.Buffer[_position]))
            {
                return;
            }
        }
    }

    /// <summary>Notes what the first element is where it is no task, and ends the reading where no other can be one either.</summary>
    private void LookAtFirst(int length)
    {
        Foreign = InputSniffer.ExplainElement(new RawTask(source.FileName, _batch.Buffer, _position, length, 1, _bufferOffset + _position, _line));
        if (Foreign?.ErrorId == nameof(ExportErrors.ExportIsCoco))
        {
            // Its annotations would count as those of a task.
            throw Foreign;
        }
    }

    /// <summary>Takes one byte outside tasks; false where more bytes are needed to judge it.</summary>
    private bool Between(byte b)
    {
        if (_expected == Expected.Start)
        {
            return Start();
        }

        if (b is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            _position++;
            return true;
        }

        switch (_expected)
        {
            case Expected.Array when b == '[':
                _expected = Expected.FirstTaskOrEnd;
                break;
            case Expected.FirstTaskOrEnd or Expected.Task when b == '{':
                _insideTask = true;
                _scan = default;
                return true;
            case Expected.FirstTaskOrEnd or Expected.CommaOrEnd when b == ']':
                _expected = Expected.Nothing;
                break;
            case Expected.CommaOrEnd when b == ',':
                _expected = Expected.Task;
                break;
            default:
                throw Fault();
        }

        _position++;
        return true;
    }

    /// <summary>Takes a byte order mark, as soon as it is there whole.</summary>
    private bool Start()
    {
        const int MarkBytes = 4;
        if (_filled < MarkBytes && !_ended)
        {
            return false;
        }

        ReadOnlySpan<byte> head = _batch.Buffer.AsSpan(0, _filled);
        if (head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            _position = 3;
        }
        else if (ExportErrors.IsUtf16(head))
        {
            throw ExportErrors.ExportNotUtf8(source.FileName);
        }

        _expected = Expected.Array;
        return true;
    }

    private void CheckSize(int bytes)
    {
        if (_insideTask && bytes > limits.MaxTaskBytes)
        {
            RawTask unfinished = Unfinished(bytes);
            throw TaskCheck.FaultOfUnfinished(unfinished)
                ?? ExportErrors.ExportTaskTooLarge(unfinished, limits.MaxTaskBytes);
        }
    }

    private void CheckEnd()
    {
        if (_insideTask)
        {
            RawTask unfinished = Unfinished(_filled - _position);
            throw TaskCheck.FaultOfUnfinished(unfinished) ?? ExportErrors.ExportTruncated(unfinished, source.Bytes);
        }

        if (_expected is Expected.Start or Expected.Array)
        {
            throw ExportErrors.ExportEmpty(source.FileName);
        }

        if (_expected != Expected.Nothing)
        {
            CountLines(_filled);
            throw ExportErrors.ExportTruncated(source.FileName, _line, source.Bytes, Tasks);
        }
    }

    /// <summary>What the byte at the position, which belongs to no task, tells about the file.</summary>
    private HarvestException Fault()
    {
        CountLines(_position);
        if (_expected == Expected.Array)
        {
            while (_filled - _position < InputSniffer.ProbeBytes && !_ended)
            {
                Grow(_filled + readBytes, _filled);
                ReadOn();
            }

            return InputSniffer.Explain(source.FileName, _batch.Buffer.AsSpan(_position, _filled - _position), _line, _bufferOffset + _position);
        }

        var place = new ExportPlace(source.FileName, _line, _bufferOffset + _position, Tasks);
        byte b = _batch.Buffer[_position];
        if (_expected == Expected.FirstTaskOrEnd && b == '"'
            && InputSniffer.ExplainTexts(source.FileName, _batch.Buffer.AsSpan(_position, _filled - _position)) is { } texts)
        {
            return texts;
        }

        return _expected switch
        {
            Expected.Nothing => ExportErrors.ExportTrailingData(place, b),
            Expected.CommaOrEnd => ExportErrors.ExportCommaMissing(place, b),
            _ => ExportErrors.ExportTaskNotAnObject(place, b),
        };
    }

    private RawTask Unfinished(int length)
    {
        CountLines(_position);
        return new RawTask(source.FileName, _batch.Buffer, _position, length, Tasks + 1, _bufferOffset + _position, _line);
    }

    private void CountLines(int upTo)
    {
        _line += _batch.Buffer.AsSpan(_lineCountedTo, upTo - _lineCountedTo).Count((byte)'\n');
        _lineCountedTo = upTo;
    }
}
