/* SPDX-License-Identifier: MIT */
/* Sockets are the host's (<sys/socket.h>, whose calls set errno and no last error of Windows),
 * under the names of Windows' types. What is Windows' alone, WSAStartup and closesocket among it,
 * is declared, and not there yet: the drivers link it as stubs that say so. */
#pragma once

#include <windows.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/select.h>
#include <sys/socket.h>

#define _WINSOCKAPI_
#define _WINSOCK2API_

typedef UINT_PTR SOCKET;
#define INVALID_SOCKET  ((SOCKET) ~(SOCKET)0)
#define SOCKET_ERROR    (-1)
#define SD_RECEIVE      SHUT_RD
#define SD_SEND         SHUT_WR
#define SD_BOTH         SHUT_RDWR
#define WINSOCK_VERSION MAKEWORD(2, 2)

typedef struct sockaddr SOCKADDR, *PSOCKADDR, *LPSOCKADDR;
typedef struct sockaddr_in SOCKADDR_IN, *PSOCKADDR_IN, *LPSOCKADDR_IN;
typedef struct sockaddr_in6 SOCKADDR_IN6, *PSOCKADDR_IN6, *LPSOCKADDR_IN6;
typedef struct sockaddr_storage SOCKADDR_STORAGE, *PSOCKADDR_STORAGE, *LPSOCKADDR_STORAGE;
typedef struct in_addr IN_ADDR, *PIN_ADDR, *LPIN_ADDR;
typedef struct in6_addr IN6_ADDR, *PIN6_ADDR, *LPIN6_ADDR;
typedef struct hostent HOSTENT, *PHOSTENT, *LPHOSTENT;
typedef struct servent SERVENT, *PSERVENT, *LPSERVENT;
typedef struct protoent PROTOENT, *PPROTOENT, *LPPROTOENT;
typedef struct addrinfo ADDRINFOA, *PADDRINFOA;
typedef struct linger LINGER, *PLINGER, *LPLINGER;
typedef struct timeval TIMEVAL, *PTIMEVAL, *LPTIMEVAL;

#define WSADESCRIPTION_LEN 256
#define WSASYS_STATUS_LEN  128
typedef struct WSAData {
    WORD wVersion;
    WORD wHighVersion;
    unsigned short iMaxSockets;
    unsigned short iMaxUdpDg;
    char *lpVendorInfo;
    char szDescription[WSADESCRIPTION_LEN + 1];
    char szSystemStatus[WSASYS_STATUS_LEN + 1];
} WSADATA, *LPWSADATA;

typedef struct _WSABUF {
    ULONG len;
    CHAR *buf;
} WSABUF, *LPWSABUF;

typedef HANDLE WSAEVENT;
typedef OVERLAPPED WSAOVERLAPPED, *LPWSAOVERLAPPED;
#define WSA_INVALID_EVENT ((WSAEVENT)NULL)

#ifndef FIONBIO
#define FIONBIO 0x8004667e
#endif
#ifndef FIONREAD
#define FIONREAD 0x4004667f
#endif

#ifdef __cplusplus
extern "C" {
#endif

int WINAPI WSAStartup(WORD version, LPWSADATA ret_data);
int WINAPI WSACleanup(void);
int WINAPI WSAGetLastError(void);
void WINAPI WSASetLastError(int error);
int WINAPI closesocket(SOCKET s);
int WINAPI ioctlsocket(SOCKET s, LONG command, ULONG *argument);
WSAEVENT WINAPI WSACreateEvent(void);
BOOL WINAPI WSACloseEvent(WSAEVENT event);
int WINAPI WSAEventSelect(SOCKET s, WSAEVENT event, LONG events);

#ifdef __cplusplus
}
#endif
