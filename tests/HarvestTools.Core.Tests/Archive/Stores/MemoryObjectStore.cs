using System.Collections.Concurrent;
using HarvestTools.Archive;
using HarvestTools.Json;

namespace HarvestTools.Tests.Archive.Stores;

/// <summary>
/// A store that has no files, no seeking and no list in order: the proof that the interface asks for nothing that only a folder
/// of this machine can give.
/// </summary>
internal sealed class MemoryObjectStore : IObjectStore
{
    public ConcurrentDictionary<string, byte[]> Kept { get; } = new(StringComparer.Ordinal);

    public ConcurrentBag<byte[]> SetAside { get; } = [];

    public string Name => "memory";

    public IReadOnlySet<string> Contains(IEnumerable<string> sha256, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return sha256.Where(hash => Kept.ContainsKey(Normal(hash))).ToHashSet(StringComparer.Ordinal);
    }

    public IEnumerable<StoredObject> List(string prefix = "", CancellationToken cancellation = default)
    {
        foreach ((string name, byte[] bytes) in Kept)
        {
            cancellation.ThrowIfCancellationRequested();
            if (prefix.Length == 0 || (Sha256Text.IsNormal(name) && name.StartsWith(prefix, StringComparison.Ordinal)))
            {
                yield return new StoredObject(Sha256Text.IsNormal(name) ? StoredKind.Object : StoredKind.Foreign, name, bytes.Length, null);
            }
        }
    }

    public ObjectContent? TryOpen(string sha256, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return Kept.TryGetValue(Normal(sha256), out byte[]? bytes) ? new ObjectContent(new Trickle(bytes), bytes.Length) : null;
    }

    public string? LocalPath(string sha256)
    {
        Normal(sha256);
        return null;
    }

    public PendingObject BeginAdd() => new Pending(this, new MemoryStream());

    public bool Remove(string sha256, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return Kept.TryRemove(Normal(sha256), out _);
    }

    private static string Normal(string sha256) => Sha256Text.IsNormal(sha256) ? sha256 : throw ArchiveErrors.HashPrefixInvalid(sha256);

    private sealed class Pending(MemoryObjectStore store, MemoryStream bytes) : PendingObject(bytes)
    {
        protected override string Place => "memory";

        protected override AddOutcome Put(string sha256, CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            byte[] right = bytes.ToArray();
            while (true)
            {
                if (store.Kept.TryAdd(sha256, right))
                {
                    return AddOutcome.Added;
                }

                if (!store.Kept.TryGetValue(sha256, out byte[]? there))
                {
                    continue;
                }

                if (there.AsSpan().SequenceEqual(right))
                {
                    return AddOutcome.AlreadyThere;
                }

                if (store.Kept.TryUpdate(sha256, right, there))
                {
                    store.SetAside.Add(there);
                    return AddOutcome.Replaced;
                }
            }
        }
    }

    /// <summary>Gives a few bytes at a time, as a network does, and cannot seek.</summary>
    private sealed class Trickle(byte[] bytes) : Stream
    {
        private int _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = Math.Min(Math.Min(count, 1 + (_position % 7000)), bytes.Length - _position);
            bytes.AsSpan(_position, read).CopyTo(buffer.AsSpan(offset));
            _position += read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

internal sealed class MemoryHarness : StoreHarness
{
    private readonly MemoryObjectStore _store = new();

    public override IObjectStore Store => _store;

    public override void Damage(string sha256, byte[] bytes) => _store.Kept[sha256] = bytes;

    public override void PutForeign(string name) => _store.Kept[name] = "anything"u8.ToArray();

    public override int CountEverything() => _store.Kept.Count + _store.SetAside.Count;

    public override IEnumerable<byte[]> SetAside() => _store.SetAside;

    public override void Dispose()
    {
    }
}
