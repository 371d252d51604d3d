using System.Security.Cryptography;

namespace HarvestTools.Cache;

/// <summary>SHA-256 of each episode's rows, and of the header and these digests in order: the row hash of a table.</summary>
internal sealed class EpisodeDigests : IDisposable
{
    private readonly IncrementalHash _rows = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _episode = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<byte[]> _digests = [];
    private bool _open;

    public EpisodeDigests(ReadOnlySpan<byte> header) => _rows.AppendData(header);

    public void Add(RowBatch batch)
    {
        for (int i = 0; i < batch.Pieces.Count; i++)
        {
            if (batch.Pieces[i].StartsEpisode)
            {
                Close();
                _open = true;
            }

            _episode.AppendData(batch.BytesOf(i));
        }
    }

    /// <summary>The row hash, lower-case hex; nothing can be added after it.</summary>
    public string Finish()
    {
        Close();
        return Convert.ToHexStringLower(_rows.GetHashAndReset());
    }

    /// <summary>The digest of the episode that came at that place, lower-case hex.</summary>
    public string Hex(int episode) => Convert.ToHexStringLower(_digests[episode]);

    public void Dispose()
    {
        _rows.Dispose();
        _episode.Dispose();
    }

    private void Close()
    {
        if (_open)
        {
            byte[] digest = _episode.GetHashAndReset();
            _rows.AppendData(digest);
            _digests.Add(digest);
            _open = false;
        }
    }
}
