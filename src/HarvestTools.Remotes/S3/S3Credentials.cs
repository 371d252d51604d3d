using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;

namespace HarvestTools.Remotes.S3;

/// <summary>There are no credentials, or those that are configured could not be got. The message has nothing secret.</summary>
internal sealed class CredentialsMissingException(string message) : Exception(message);

/// <summary>
/// Credentials in the order of Amazon's own programs: a profile that is named, the environment, a web identity, the profile of the
/// environment or the default one (access keys, sign-in, roles, a program), a container's role, an instance's role.
/// </summary>
/// <remarks>
/// The address that gives an instance's role answers nobody elsewhere, and the SDK waits for it for seconds. It is asked only where
/// the environment or a profile says so.
/// </remarks>
internal sealed class S3Credentials : AWSCredentials
{
    private const string Advice = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a \"profile\" of the shared credentials file";

    private readonly string? _profile;
    private readonly Lazy<AWSCredentials> _found;

    /// <param name="profile">The profile that the settings name; null for the chain.</param>
    public S3Credentials(string? profile)
    {
        _profile = profile;
        _found = new Lazy<AWSCredentials>(Find, LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>The profile whose settings hold: the one named, that of the environment, or the default one.</summary>
    public static CredentialProfile? ProfileNamed(string? profile) =>
        new CredentialProfileStoreChain().TryGetProfile(profile ?? EnvironmentProfile ?? "default", out CredentialProfile found) ? found : null;

    public override ImmutableCredentials GetCredentials()
    {
        try
        {
            return _found.Value.GetCredentials();
        }
        catch (Exception exception) when (exception is not CredentialsMissingException)
        {
            throw Unavailable(exception);
        }
    }

    public override async Task<ImmutableCredentials> GetCredentialsAsync()
    {
        try
        {
            return await _found.Value.GetCredentialsAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not CredentialsMissingException)
        {
            throw Unavailable(exception);
        }
    }

    private static string? EnvironmentProfile => Set("AWS_PROFILE") ?? Set("AWS_DEFAULT_PROFILE");

    private AWSCredentials Find()
    {
        if (_profile is not null)
        {
            return OfProfile(_profile) ?? throw new CredentialsMissingException($"there is no profile '{_profile}' with credentials on this machine");
        }

        if (Set("AWS_ACCESS_KEY_ID") is not null && Set("AWS_SECRET_ACCESS_KEY") is not null)
        {
            return new EnvironmentVariablesAWSCredentials();
        }

        if (Set("AWS_WEB_IDENTITY_TOKEN_FILE") is not null && Set("AWS_ROLE_ARN") is not null)
        {
            return AssumeRoleWithWebIdentityCredentials.FromEnvironmentVariables();
        }

        if (EnvironmentProfile is { } named)
        {
            return OfProfile(named) ?? throw new CredentialsMissingException($"AWS_PROFILE names the profile '{named}', which has no credentials on this machine");
        }

        if (OfProfile("default") is { } standard)
        {
            return standard;
        }

        if (Set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") is not null || Set("AWS_CONTAINER_CREDENTIALS_FULL_URI") is not null)
        {
            return new GenericContainerCredentials();
        }

        return AsksInstance ? new InstanceProfileAWSCredentials() : throw new CredentialsMissingException($"there are no credentials: {Advice}");
    }

    private static bool AsksInstance =>
        string.Equals(Set("AWS_EC2_METADATA_DISABLED"), "false", StringComparison.OrdinalIgnoreCase) || Set("AWS_EC2_METADATA_SERVICE_ENDPOINT") is not null;

    private static AWSCredentials? OfProfile(string profile) =>
        new CredentialProfileStoreChain().TryGetAWSCredentials(profile, out AWSCredentials credentials) ? credentials : null;

    private static string? Set(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    // What the SDK says may hold a key or a token; what is to be done is the same each time.
    private CredentialsMissingException Unavailable(Exception exception) => new(
        exception is AmazonClientException && (_profile ?? EnvironmentProfile) is { } profile
            ? $"the credentials of the profile '{profile}' could not be got; where it signs in, run 'aws sso login --profile {profile}'"
            : $"the credentials that are configured could not be got; {Advice}");
}
