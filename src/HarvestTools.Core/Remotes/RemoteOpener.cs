using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using HarvestTools.Files;
using HarvestTools.Manifests;

namespace HarvestTools.Remotes;

/// <summary>Opens remotes of the kinds that need more than the engine has: another assembly does, which is loaded at the first use.</summary>
internal interface IRemoteKinds
{
    /// <summary>Opens a remote; nothing is asked of it yet.</summary>
    /// <param name="settings">Its address begins with <c>s3://</c> or <c>rclone:</c>.</param>
    IRemoteFiles Open(RemoteSettings settings);
}

/// <summary>Opens the remotes of harvest.json.</summary>
internal static class RemoteOpener
{
    private const string AssemblyName = "HarvestTools.Remotes";
    private const string KindsName = "HarvestTools.Remotes.RemoteKinds";

    /// <param name="settings">The remote.</param>
    /// <param name="root">The repository's folder, where a relative folder begins.</param>
    /// <param name="spill">Full path of the folder for objects on their way.</param>
    /// <param name="notice">Receives sentences about waits; null for nobody.</param>
    /// <param name="transfers">How many requests are made at once.</param>
    /// <exception cref="HarvestException">Its address names a variable that is not set.</exception>
    public static Remote Open(RemoteSettings settings, string root, string spill, Action<string>? notice, int transfers = RemoteObjectStore.DefaultTransfers)
    {
        IRemoteFiles files = FolderText.IsAddress(settings.Url) ? Kinds().Open(settings)
            : FolderText.TryResolve(settings.Url, root, out string? folder, out string? missing) ? new FolderFiles(folder)
            : throw RemoteErrors.RemoteNotThere(settings.Url, $"the environment variable {missing} is not set");
        return new Remote(settings, new RetryingFiles(files, notice), spill, transfers);
    }

    // By name, so that the engine and its users load no cloud library until a remote of that kind is used.
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The program that is trimmed keeps the assembly whole.")]
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "The program that is trimmed keeps the assembly whole.")]
    private static IRemoteKinds Kinds()
    {
        Type kinds = Assembly.Load(AssemblyName).GetType(KindsName, throwOnError: true)!;
        return (IRemoteKinds)Activator.CreateInstance(kinds)!;
    }
}
