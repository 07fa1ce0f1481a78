// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Which hosts to try for a domain, and in which order (RFC 6120 section 3.2, RFC 2782, XEP-0368).

use std::net::{IpAddr, SocketAddr};

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::{Name, RData, RecordType};

use super::error::{SessionError, Step, within};
use super::limits::DNS_TIMEOUT;

/// Port of a server that has no SRV records (RFC 6120 section 3.2.2).
const DEFAULT_PORT: u16 = 5222;
/// The usual port of direct TLS (XEP-0368).
const DEFAULT_DIRECT_PORT: u16 = 5223;

/// A place to connect to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// A name or an IP address.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// TLS from the first byte.
    pub(crate) direct_tls: bool,
}

/// One SRV record.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Service {
    priority: u16,
    weight: u16,
    endpoint: Endpoint,
}

/// The endpoints of a domain, best first.
///
/// # Errors
/// The DNS says that the domain has no XMPP service, or does not answer.
pub(crate) async fn endpoints(
    domain: &str,
    prefer_direct: bool,
    name_server: Option<SocketAddr>,
) -> Result<Vec<Endpoint>, SessionError> {
    if let Ok(address) = bare_address(domain) {
        return Ok(fallback(&address.to_string(), prefer_direct));
    }
    let resolver = resolver(name_server)?;
    let ascii = ascii(domain)?;
    let lookup = async {
        let direct = services(&resolver, &ascii, "xmpps-client", true);
        let plain = services(&resolver, &ascii, "xmpp-client", false);
        let (direct, plain) = futures::join!(direct, plain);
        Ok((direct, plain))
    };
    let (direct, plain) = within(DNS_TIMEOUT, Step::NameLookup, lookup).await?;
    if let (Found::Refused, Found::Refused | Found::None) | (Found::None, Found::Refused) = (&direct, &plain)
    {
        return Err(SessionError::NameLookup {
            host: domain.to_owned(),
        });
    }
    let mut ordered = order(direct.into_services(), rand::random::<f64>);
    ordered.extend(order(plain.into_services(), rand::random::<f64>));
    if ordered.is_empty() {
        return Ok(fallback(&ascii, prefer_direct));
    }
    Ok(ordered)
}

/// The IP addresses of a host, in the resolver's order.
///
/// # Errors
/// The DNS knows none, or does not answer.
pub(crate) async fn addresses(
    host: &str,
    name_server: Option<SocketAddr>,
) -> Result<Vec<IpAddr>, SessionError> {
    if let Ok(address) = bare_address(host) {
        return Ok(vec![address]);
    }
    let unknown = || SessionError::NameLookup {
        host: host.to_owned(),
    };
    let resolver = resolver(name_server)?;
    let ascii = ascii(host)?;
    let lookup = async { resolver.lookup_ip(ascii.as_str()).await.map_err(|_| unknown()) };
    let addresses: Vec<IpAddr> = within(DNS_TIMEOUT, Step::NameLookup, lookup)
        .await?
        .iter()
        .collect();
    if addresses.is_empty() {
        return Err(unknown());
    }
    Ok(addresses)
}

/// The form that DNS and TLS know a domain in (RFC 5890).
///
/// # Errors
/// The domain has no such form.
pub(crate) fn ascii(domain: &str) -> Result<String, SessionError> {
    idna::domain_to_ascii(domain).map_err(|_| SessionError::NameLookup {
        host: domain.to_owned(),
    })
}

/// An IP address as a JID's domain writes it, IPv6 in brackets.
fn bare_address(host: &str) -> Result<IpAddr, std::net::AddrParseError> {
    host.strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(host)
        .parse()
}

// A resolver for each attempt: the network, and with it resolv.conf, may have changed since the last one.
fn resolver(name_server: Option<SocketAddr>) -> Result<TokioResolver, SessionError> {
    let failed = |error: hickory_resolver::net::NetError| SessionError::NameLookup {
        host: error.to_string(),
    };
    let mut builder = match name_server {
        None => TokioResolver::builder_tokio().map_err(failed)?,
        Some(server) => {
            let mut udp = ConnectionConfig::udp();
            udp.port = server.port();
            let server = NameServerConfig::new(server.ip(), true, vec![udp]);
            let config = ResolverConfig::from_name_servers(vec![server]);
            TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
        }
    };
    builder.options_mut().use_hosts_file = hickory_resolver::config::ResolveHosts::Always;
    builder.build().map_err(failed)
}

/// What the DNS says of one service.
enum Found {
    Services(Vec<Service>),
    None,
    /// The root as target: the service is decidedly not there (RFC 2782).
    Refused,
}

impl Found {
    fn into_services(self) -> Vec<Service> {
        match self {
            Found::Services(services) => services,
            Found::None | Found::Refused => Vec::new(),
        }
    }
}

async fn services(resolver: &TokioResolver, domain: &str, service: &str, direct_tls: bool) -> Found {
    let Ok(name) = Name::from_ascii(format!("_{service}._tcp.{domain}.")) else {
        return Found::None;
    };
    let Ok(lookup) = resolver.lookup(name, RecordType::SRV).await else {
        return Found::None;
    };
    let mut services = Vec::new();
    let mut refused = false;
    for record in lookup.answers() {
        if let RData::SRV(srv) = &record.data {
            if srv.target.is_root() {
                refused = true;
                continue;
            }
            let host = srv.target.to_ascii().trim_end_matches('.').to_owned();
            let endpoint = Endpoint {
                host,
                port: srv.port,
                direct_tls,
            };
            services.push(Service {
                priority: srv.priority,
                weight: srv.weight,
                endpoint,
            });
        }
    }
    match (services.is_empty(), refused) {
        (false, _) => Found::Services(services),
        (true, true) => Found::Refused,
        (true, false) => Found::None,
    }
}

/// Lowest priority number first; within one priority, drawn one after the other with a chance in proportion to the
/// weight (RFC 2782). `random` gives numbers in 0..1.
fn order(mut services: Vec<Service>, mut random: impl FnMut() -> f64) -> Vec<Endpoint> {
    // Weight 0 first, as the RFC says, so that such a record is drawn only if the number is 0 or nothing else is left.
    services.sort_by_key(|service| (service.priority, service.weight));
    let mut ordered = Vec::with_capacity(services.len());
    while let Some(first) = services.first() {
        let priority = first.priority;
        let group = services.iter().take_while(|service| service.priority == priority);
        let total: f64 = group.clone().map(|service| f64::from(service.weight)).sum();
        let drawn = random() * total;
        let mut running = 0.0;
        let index = group
            .map(|service| {
                running += f64::from(service.weight);
                running
            })
            .position(|running| running >= drawn)
            .unwrap_or(0);
        ordered.push(services.remove(index).endpoint);
    }
    ordered
}

fn fallback(host: &str, prefer_direct: bool) -> Vec<Endpoint> {
    let starttls = Endpoint {
        host: host.to_owned(),
        port: DEFAULT_PORT,
        direct_tls: false,
    };
    let direct = Endpoint {
        host: host.to_owned(),
        port: DEFAULT_DIRECT_PORT,
        direct_tls: true,
    };
    if prefer_direct {
        vec![direct, starttls]
    } else {
        vec![starttls]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(priority: u16, weight: u16, host: &str) -> Service {
        Service {
            priority,
            weight,
            endpoint: Endpoint {
                host: host.to_owned(),
                port: 5222,
                direct_tls: false,
            },
        }
    }

    fn hosts(services: &[Service], random: f64) -> Vec<String> {
        order(services.to_vec(), || random)
            .into_iter()
            .map(|endpoint| endpoint.host)
            .collect()
    }

    #[test]
    fn priorities_ascend() {
        let services = [service(20, 5, "c"), service(5, 0, "a"), service(10, 9, "b")];
        for random in [0.0, 0.5, 0.999] {
            assert_eq!(hosts(&services, random), ["a", "b", "c"]);
        }
    }

    #[test]
    fn weights_share_one_priority() {
        let services = [
            service(1, 10, "ten"),
            service(1, 30, "thirty"),
            service(1, 0, "zero"),
        ];
        assert_eq!(hosts(&services, 0.0), ["zero", "ten", "thirty"]);
        assert_eq!(hosts(&services, 0.2), ["ten", "thirty", "zero"]);
        assert_eq!(hosts(&services, 0.9), ["thirty", "ten", "zero"]);
    }

    #[test]
    fn domains_have_one_form() {
        assert_eq!(ascii("ex\u{e4}mple.org").unwrap(), "xn--exmple-cua.org");
        assert_eq!(bare_address("[::1]").unwrap(), "::1".parse::<IpAddr>().unwrap());
        assert_eq!(
            fallback("h", true)
                .iter()
                .map(|e| (e.port, e.direct_tls))
                .collect::<Vec<_>>(),
            [(5223, true), (5222, false)]
        );
    }
}
