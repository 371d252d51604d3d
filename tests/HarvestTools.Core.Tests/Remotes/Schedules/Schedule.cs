using HarvestTools.Remotes;

namespace HarvestTools.Tests.Remotes.Schedules;

/// <summary>The process of a command ends: nothing of it is done any more, not even what it does when it fails.</summary>
internal sealed class ProcessCutException : Exception
{
    public ProcessCutException()
        : base("The process was cut.")
    {
    }
}

/// <summary>
/// Commands that work in one remote at the same time, one call at a time, in an order that a seed decides. Each call of the remote is a step;
/// a call may fail before or after it did something, and a command may be cut at any.
/// </summary>
/// <remarks>A request is done at most so long after it was made as the slack of the clocks has room for. A machine that sleeps within one is no part of it.</remarks>
internal sealed class Schedule(Random random, MemoryFiles store) : TimeProvider
{
    private static readonly TimeSpan s_longestRequest = TimeSpan.FromMinutes(20);

    private readonly List<Command> _running = [];

    public DateTimeOffset Now { get; set; } = new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero);

    /// <summary>How many of a thousand calls fail.</summary>
    public int Failing { get; init; } = 4;

    public override DateTimeOffset GetUtcNow() => Now;

    /// <summary>Begins a command, which takes its first step when its turn comes.</summary>
    public Command Begin(string name, Func<IRemoteFiles, IRemoteFiles>? through, Action<IRemoteFiles, Command> work)
    {
        var command = new Command(name);
        var files = new SteppedFiles(store, this, command);
        command.Thread = new Thread(() =>
        {
            using Command ending = command;
            command.Wait();
            try
            {
                work(through?.Invoke(files) ?? files, command);
                command.Succeeded = true;
            }
            catch (Exception fault) when (fault is HarvestException or ProcessCutException)
            {
                command.Fault = fault;
            }
            catch (Exception fault)
            {
                command.Broken = fault;
            }
            finally
            {
                command.End();
            }
        }) { IsBackground = true };
        command.Asked = Now;
        _running.Add(command);
        command.Thread.Start();
        return command;
    }

    /// <summary>Lets one of those that run take a step; false where none runs.</summary>
    public bool Step()
    {
        if (_running.Count == 0)
        {
            return false;
        }

        Command oldest = _running.MinBy(static command => command.Asked)!;
        Command next = Now - oldest.Asked > s_longestRequest - TimeSpan.FromMinutes(1) ? oldest : _running[random.Next(_running.Count)];

        // Mostly seconds go by; now and then one request takes minutes.
        TimeSpan passed = random.Next(40) == 0 ? TimeSpan.FromMinutes(random.Next(1, 19)) : TimeSpan.FromMilliseconds(random.Next(5000));
        DateTimeOffset latest = oldest.Asked + s_longestRequest;
        Now = Now + passed > latest ? (latest > Now ? latest : Now) : Now + passed;
        next.Go();
        if (next.Ended)
        {
            _running.Remove(next);
            if (next.Broken is { } broken)
            {
                throw new InvalidOperationException($"{next.Name} broke: {broken}", broken);
            }
        }

        return true;
    }

    /// <summary>Lets all come to their end.</summary>
    public void Finish()
    {
        while (Step())
        {
        }
    }

    /// <summary>Before a call of a command: its turn has come when this returns.</summary>
    private void Turn(Command command)
    {
        command.Asked = Now;
        command.Yield();
        if (command.Cut || (command.MayBeCut && random.Next(1000) < 2))
        {
            command.Cut = true;
            throw new ProcessCutException();
        }
    }

    private T Call<T>(Command command, Func<T> call)
    {
        Turn(command);
        int fate = random.Next(1000);
        if (fate < Failing)
        {
            // Half of those did what they were asked to, and the answer was lost.
            _ = fate % 2 == 0 ? call() : default;
            throw RemoteErrors.RemoteUnavailable("memory", "call", "it is busy", 6);
        }

        return call();
    }

    /// <summary>A command: a thread that runs only while it has its turn.</summary>
    internal sealed class Command(string name) : IDisposable
    {
        private readonly object _gate = new();
        private readonly SemaphoreSlim _turn = new(0);
        private bool _isIn;

        public string Name => name;

        public Thread Thread { get; set; } = null!;

        public DateTimeOffset Asked { get; set; }

        public bool MayBeCut { get; set; } = true;

        public bool Cut { get; set; }

        public bool Ended { get; private set; }

        public bool Succeeded { get; set; }

        public Exception? Fault { get; set; }

        public Exception? Broken { get; set; }

        /// <summary>Nobody waits for it any more once it ended.</summary>
        public void Dispose() => _turn.Dispose();

        public void Wait() => _turn.Wait();

        public void Go()
        {
            lock (_gate)
            {
                _isIn = true;
                _turn.Release();
                while (_isIn)
                {
                    Monitor.Wait(_gate);
                }
            }
        }

        public void Yield()
        {
            Back();
            _turn.Wait();
        }

        public void End()
        {
            Ended = true;
            Back();
        }

        private void Back()
        {
            lock (_gate)
            {
                _isIn = false;
                Monitor.Pulse(_gate);
            }
        }
    }

    private sealed class SteppedFiles(MemoryFiles inner, Schedule schedule, Command command) : IRemoteFiles
    {
        public string Name => inner.Name;

        public bool KeepsChecksums => true;

        public bool HasConditions(CancellationToken cancellation = default) => true;

        public IEnumerable<RemoteFile> List(string prefix, CancellationToken cancellation = default) => schedule.Call<IReadOnlyList<RemoteFile>>(command, () => [.. inner.List(prefix, cancellation)]);

        public RemoteFile? Find(string path, CancellationToken cancellation = default) => schedule.Call(command, () => inner.Find(path, cancellation));

        public RemoteContent? TryOpen(string path, long offset = 0, CancellationToken cancellation = default) => schedule.Call(command, () => inner.TryOpen(path, offset, cancellation));

        public bool TryCreate(string path, Upload upload, CancellationToken cancellation = default) => schedule.Call(command, () => inner.TryCreate(path, upload, cancellation));

        public void Replace(string path, Upload upload, CancellationToken cancellation = default) => schedule.Call(command, () =>
        {
            inner.Replace(path, upload, cancellation);
            return true;
        });

        public bool Remove(string path, CancellationToken cancellation = default) => schedule.Call(command, () => inner.Remove(path, cancellation));

        public bool TryRemove(RemoteFile seen, CancellationToken cancellation = default) => schedule.Call(command, () => inner.TryRemove(seen, cancellation));

        public IEnumerable<RemoteLeftover> Leftovers(string folder, CancellationToken cancellation = default) => [];

        public void Dispose()
        {
        }
    }
}

/// <summary>A remote in memory, whose files have another tag each time they are written.</summary>
internal sealed class MemoryFiles : IRemoteFiles
{
    private int _written;

    public SortedDictionary<string, (byte[] Bytes, int Tag)> Kept { get; } = new(StringComparer.Ordinal);

    public string Name => "memory";

    public bool KeepsChecksums => true;

    public bool HasConditions(CancellationToken cancellation = default) => true;

    public IEnumerable<RemoteFile> List(string prefix, CancellationToken cancellation = default) =>
        [.. Kept.Where(one => one.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(one => Find(one.Key)!)];

    public RemoteFile? Find(string path, CancellationToken cancellation = default) => Kept.TryGetValue(path, out (byte[] Bytes, int Tag) one)
        ? new RemoteFile(path, one.Bytes.Length, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(one.Bytes))) { Tag = one.Tag.ToString(System.Globalization.CultureInfo.InvariantCulture) }
        : null;

    public RemoteContent? TryOpen(string path, long offset = 0, CancellationToken cancellation = default) =>
        Kept.TryGetValue(path, out (byte[] Bytes, int Tag) one) ? new RemoteContent(new MemoryStream(one.Bytes[(int)offset..]), one.Bytes.Length) : null;

    public bool TryCreate(string path, Upload upload, CancellationToken cancellation = default)
    {
        if (Kept.ContainsKey(path))
        {
            return false;
        }

        Replace(path, upload, cancellation);
        return true;
    }

    public void Replace(string path, Upload upload, CancellationToken cancellation = default)
    {
        using Stream stream = upload.Open();
        var copy = new MemoryStream();
        stream.CopyTo(copy);
        Kept[path] = (copy.ToArray(), ++_written);
    }

    public bool Remove(string path, CancellationToken cancellation = default) => Kept.Remove(path);

    public bool TryRemove(RemoteFile seen, CancellationToken cancellation = default)
    {
        if (Find(seen.Path, cancellation) is { } there && !seen.IsSame(there))
        {
            return false;
        }

        _ = Kept.Remove(seen.Path);
        return true;
    }

    public IEnumerable<RemoteLeftover> Leftovers(string folder, CancellationToken cancellation = default) => [];

    public void Dispose()
    {
    }
}
