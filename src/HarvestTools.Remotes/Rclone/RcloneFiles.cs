namespace HarvestTools.Remotes.Rclone;

internal sealed class RcloneFiles(RclonePlace place) : IRemoteFiles
{
    public string Name => place.Name;
    public bool KeepsChecksums => false;
    public IEnumerable<RemoteFile> List(string prefix, CancellationToken cancellation = default) => throw new NotImplementedException();
    public RemoteFile? Find(string path, CancellationToken cancellation = default) => throw new NotImplementedException();
    public RemoteContent? TryOpen(string path, long offset = 0, CancellationToken cancellation = default) => throw new NotImplementedException();
    public bool TryCreate(string path, Upload upload, CancellationToken cancellation = default) => throw new NotImplementedException();
    public void Replace(string path, Upload upload, CancellationToken cancellation = default) => throw new NotImplementedException();
    public bool Remove(string path, CancellationToken cancellation = default) => throw new NotImplementedException();
    public void Dispose() { }
}
