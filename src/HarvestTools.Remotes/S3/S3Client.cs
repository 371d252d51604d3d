using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace HarvestTools.Remotes.S3;

/// <summary>Makes the SDK's client as remotes need it.</summary>
internal static class S3Client
{
    // Servers other than Amazon's have one region and mostly do not care what it is called; it is part of what is signed.
    private const string DefaultRegion = "us-east-1";

    /// <param name="place">Where it is.</param>
    /// <param name="http">Receives the client of the connections, which is the caller's to dispose.</param>
    public static AmazonS3Client Make(S3Place place, out HttpClient http)
    {
        var credentials = new S3Credentials(place.Profile);
        Amazon.Runtime.CredentialManagement.CredentialProfile? profile = S3Credentials.ProfileNamed(place.Profile);
        string region = place.Region
            ?? Environment.GetEnvironmentVariable("AWS_REGION")
            ?? Environment.GetEnvironmentVariable("AWS_DEFAULT_REGION")
            ?? profile?.Region?.SystemName
            ?? DefaultRegion;
        http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.None,
                ConnectTimeout = TimeSpan.FromSeconds(20),

                // An address that moves to another machine is looked up again.
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            })
        {
            // What takes long is watched by whether bytes move: an upload of gigabytes takes as long as it takes.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        var config = new AmazonS3Config
        {
            // Attempts are counted in one place, above all kinds of remotes.
            MaxErrorRetry = 0,

            // The SDK would send a creation again whose answer was lost, and report its own file as another's.
            MaxStaleConnectionRetries = 0,
            ThrottleRetries = false,
            Timeout = Timeout.InfiniteTimeSpan,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            HttpClientFactory = new OneHttpClient(http),
        };
        if (profile is not null)
        {
            config.Profile = new Profile(profile.Name);
        }

        if (place.Endpoint is not null)
        {
            config.ServiceURL = place.Endpoint;
        }

        // The SDK has read AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL and the profile's endpoint_url by now.
        if (!string.IsNullOrEmpty(config.ServiceURL))
        {
            config.ServiceURL = config.ServiceURL;
            config.ForcePathStyle = true;
            config.AuthenticationRegion = region;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        return new AmazonS3Client(credentials, config);
    }

    /// <summary>One client for all requests of a remote: its connections are kept and are as many as there are transfers.</summary>
    private sealed class OneHttpClient(HttpClient http) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => http;

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }
}
